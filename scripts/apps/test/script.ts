import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** A script of an app's package.json that keeps running. */
export interface RunningScript {
  /** Ends it and what it started; resolves when it is gone. */
  stop(): Promise<void>
}

const running = new Set<number>()
process.once('exit', () => {
  for (const pid of running) process.kill(-pid, 'SIGKILL')
})

/** Runs `npm run <name>` in a folder, as its reader would. */
export const startScript = (
  folder: string,
  name: string,
  flags: readonly string[],
  env: Record<string, string>,
): RunningScript => {
  const child = spawn('npm', ['run', '--silent', name, '--', ...flags], {
    cwd: folder,
    // vitest's own NODE_ENV, "test", is none that a production server knows.
    env: { ...process.env, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
    // npm starts a shell, and that the script: they end as a group.
    detached: true,
  })
  const pid = child.pid as number
  running.add(pid)
  const exited = once(child, 'exit').then(() => running.delete(pid))
  return {
    async stop() {
      if (running.has(pid)) process.kill(-pid, 'SIGTERM')
      await exited
    },
  }
}

/** A port that nobody listens on now. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (!address || typeof address !== 'object') throw new Error('There is no port.')
  return address.port
}
