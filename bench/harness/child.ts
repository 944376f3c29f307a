import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A Node process of the bench. It ends when its channel to us closes, so that nothing outlives us. */
export interface Child<Ready> {
  /** What it sent first. */
  readonly ready: Ready
  send(message: object): void
  onMessage(listener: (message: unknown) => void): void
  /** Ends it by its id; resolves when it is gone. */
  stop(): Promise<void>
}

export interface ChildOptions {
  readonly args?: readonly string[]
  readonly execArgv?: readonly string[]
  /** The network namespace that it runs in. @default this process's */
  readonly machine?: string
}

/**
 * Starts a bundled script (a path within `dist`) and waits for its first message, `{ ready }`.
 *
 * @throws Error when it ends before that
 */
export async function startChild<Ready>(
  script: string,
  { args = [], execArgv = [], machine }: ChildOptions = {},
): Promise<Child<Ready>> {
  const file = fileURLToPath(new URL(script, import.meta.url))
  // What it prints goes to our standard error: standard output belongs to the results.
  const child = fork(file, args, {
    stdio: ['ignore', 2, 2, 'ipc'],
    ...(machine
      ? { execPath: 'ip', execArgv: ['netns', 'exec', machine, process.execPath, ...execArgv] }
      : { execArgv: [...execArgv] }),
  })
  const ended = once(child, 'exit')
  const first = await Promise.race([once(child, 'message'), ended.then(() => null)])
  if (!first) throw new Error(`${script} ended before it was ready.`)
  return {
    ready: (first[0] as { ready: Ready }).ready,
    send: (message) => child.send(message),
    onMessage: (listener) => child.on('message', listener),
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}
