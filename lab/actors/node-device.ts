import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Namespace } from '../network/namespaces'
import type { Actor, Call } from './actor'
import type { Failure } from './record'
import { builtScript } from './scripts'
import type { ActorSettings } from './settings'

const script = builtScript('device-process')

/** A Node process with a peer in it. */
export interface NodeDevice extends Actor {
  /** SIGKILL: no goodbye, nothing is closed in order. Resolves when it is gone. */
  kill(): Promise<void>
}

interface Reply {
  readonly number: number
  readonly value?: unknown
  readonly failure?: Failure
}

/** Starts a device in a namespace. Resolves when its peer is open. */
export const startNodeDevice = async (namespace: Namespace, settings: ActorSettings): Promise<NodeDevice> => {
  const child = namespace.spawn(
    process.execPath,
    ['--enable-source-maps', script, JSON.stringify(settings)],
    {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    },
  )
  const ask = askOver(child)
  await ask.ready
  return {
    id: settings.id,
    call: (method, ...given) => ask.call(method, given) as Promise<never>,
    async kill() {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}

const askOver = (child: ChildProcess) => {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  let last = 0

  const wait = (number: number) =>
    new Promise<unknown>((resolve, reject) => waiting.set(number, { resolve, reject }))

  child.on('message', ({ number, value, failure }: Reply) => {
    const asker = waiting.get(number)
    waiting.delete(number)
    if (failure) asker?.reject(new Error(`${failure.code}: ${failure.message}`))
    else asker?.resolve(value)
  })
  child.once('exit', (code, signal) => {
    for (const asker of waiting.values()) asker.reject(new Error(`The device ended: ${signal ?? code}.`))
    waiting.clear()
  })

  return {
    /** The device says so itself, as the answer to a question nobody asked. */
    ready: wait(0),
    call(method: Call['method'], given: readonly unknown[]) {
      const number = ++last
      const answer = wait(number)
      child.send({ number, method, given } satisfies Call)
      return answer
    },
  }
}
