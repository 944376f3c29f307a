import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** The root of the repository. */
export const repository = fileURLToPath(new URL('..', import.meta.url))

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set()

/** Once true, nothing more begins: the commands that end now did not end by themselves. */
let stopping = false

/**
 * Runs a command from the root of the repository, its output going to the terminal.
 *
 * @param {string} command
 * @param {readonly string[]} [args]
 * @param {{ cwd?: string, env?: Record<string, string> }} [options] `env` is added to this process's own
 * @returns {Promise<number>} its exit code; 1 when a signal ended it or it could not be started
 */
export function run(command, args = [], { cwd = repository, env = {} } = {}) {
  return new Promise((resolve) => {
    if (stopping) return
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
      // A process group of its own, so that what it starts in turn can be ended with it.
      detached: process.platform !== 'win32',
      shell: process.platform === 'win32',
    })
    running.add(child)
    child.once('error', (error) => {
      running.delete(child)
      console.error(`${command} could not be started: ${error.message}`)
      resolve(1)
    })
    child.once('exit', (code) => {
      running.delete(child)
      if (!stopping) resolve(code ?? 1)
    })
  })
}

/** On Ctrl-C or a termination: ends every command that still runs, then this process. */
export function endChildrenOnSignal() {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.once(signal, async () => {
      stopping = true
      console.error(`\nStopped by ${signal}.`)
      await endRunning()
      process.exit(130)
    })
  }
}

/** Ends every command that still runs, by its id, and what it started; by force after 5 s. */
export async function endRunning() {
  const children = [...running]
  for (const child of children) endGroup(child, 'SIGTERM')
  const patience = setTimeout(() => {
    for (const child of children) endGroup(child, 'SIGKILL')
  }, 5000)
  await Promise.all(children.map((child) => child.exitCode ?? child.signalCode ?? once(child, 'exit')))
  clearTimeout(patience)
}

/** @param {import('node:child_process').ChildProcess} child @param {NodeJS.Signals} signal */
function endGroup(child, signal) {
  if (child.pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, signal)
  } catch (error) {
    // It ended by itself in the meantime.
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error
  }
}
