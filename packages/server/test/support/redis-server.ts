import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { onTestFinished } from 'vitest'
import { findRedis } from '../../../../scripts/server-programs.mjs'
import { freePort } from './free-port'

/** Where Redis is on this machine. Tests that need it are skipped without it. */
export const redisPath = findRedis()

/** A real Redis of a test's own. It keeps nothing on disk. */
export interface RedisServer {
  readonly url: string
  /** The process, for signals. */
  readonly child: ChildProcess
  /** Ends it at once, with everything in it. */
  kill(): Promise<void>
  /** Starts it again where it was, empty. */
  start(): Promise<void>
  /** Resolves when it has answered somebody new: it has read by then whatever was written, or closed, before. */
  ping(): Promise<void>
}

/** Starts a Redis until the test is over. */
export const startRedis = async (): Promise<RedisServer> => {
  const port = await freePort()
  let child = await spawnRedis(port)
  onTestFinished(() => void child.kill('SIGKILL'))
  return {
    url: `redis://127.0.0.1:${port}`,
    get child() {
      return child
    },
    async kill() {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    },
    async start() {
      child = await spawnRedis(port)
    },
    async ping() {
      const socket = connect(port, '127.0.0.1').unref()
      socket.write('PING\r\n')
      await once(socket, 'data')
      socket.destroy()
    },
  }
}

const spawnRedis = async (port: number): Promise<ChildProcess> => {
  if (!redisPath) throw new Error('There is no Redis on this machine.')
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const child = spawn(redisPath, settings, { stdio: 'ignore' })
  child.unref()
  await answers(port)
  return child
}

/** Waits until something listens: each attempt fails at once, and the next is made when it has. */
const answers = async (port: number): Promise<void> => {
  for (;;) {
    const socket = connect(port, '127.0.0.1')
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (isOpen) return
    await new Promise((resolve) => setImmediate(resolve))
  }
}
