import { fork } from 'node:child_process'
import { once } from 'node:events'

/**
 * @typedef {object} Child
 * @property {number} pid
 * @property {any} ready what it sent when it was ready
 * @property {Promise<string>} ended resolves when it is gone, with how it ended in words
 * @property {(command: string, argument?: string) => Promise<any>} ask has it do something; rejects with its words
 * @property {(signal?: NodeJS.Signals) => Promise<void>} stop ends it by its id; resolves when it is gone
 */

/** How long a child may take to end by itself, in ms. */
const patience = 5000

/**
 * Starts a Node process that sends one message when it is ready: `{ ready }`, or `{ failed }` with a sentence.
 *
 * A child ends when its channel to us closes, so that nothing outlives us, however we end.
 *
 * @param {string} name for error messages
 * @param {string} file
 * @param {Record<string, string>} env
 * @returns {Promise<Child>}
 * @throws {Error} when it ends before it is ready
 */
export async function startChild(name, file, env) {
  const child = fork(file, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit').then(
    ([code, signal]) => `The ${name} ended ${signal ? `by ${signal}` : `with code ${code}`}.`,
  )
  /** @type {{ ready?: unknown, failed?: string }} */
  const first = await Promise.race([
    once(child, 'message').then(([message]) => message),
    ended.then((words) => ({ failed: words })),
  ])
  const stop = async (/** @type {NodeJS.Signals} */ signal = 'SIGTERM') => {
    child.kill(signal)
    const force = setTimeout(() => child.kill('SIGKILL'), patience)
    await ended
    clearTimeout(force)
  }
  if (first.failed !== undefined) {
    await stop()
    throw new Error(first.failed)
  }
  let asked = 0
  const ask = async (/** @type {string} */ command, argument = '') => {
    const number = ++asked
    const answered = new Promise((resolve, reject) => {
      const hear = (/** @type {{ number?: number, answer?: unknown, failed?: string }} */ message) => {
        if (message.number !== number) return
        child.off('message', hear)
        if (message.failed === undefined) resolve(message.answer)
        else reject(new Error(message.failed))
      }
      child.on('message', hear)
      ended.then((words) => reject(new Error(words)))
    })
    child.send({ number, command, argument })
    return answered
  }
  return { pid: /** @type {number} */ (child.pid), ready: first.ready, ended, ask, stop }
}

/**
 * Does in this child what its parent asks for.
 *
 * @param {Record<string, (argument: string) => Promise<unknown>>} commands
 */
export function answerParent(commands) {
  process.on(
    'message',
    async (/** @type {{ number: number, command: string, argument: string }} */ asked) => {
      const { number, command, argument } = asked
      try {
        process.send?.({ number, answer: await commands[command]?.(argument) })
      } catch (error) {
        process.send?.({ number, failed: error instanceof Error ? error.message : String(error) })
      }
    },
  )
}

/**
 * Ends this child, gently, when its parent says so or is gone.
 *
 * @param {() => Promise<void>} stop
 */
export function endWithParent(stop) {
  let ending = false
  const end = async () => {
    if (ending) return
    ending = true
    await stop()
    process.exit(0)
  }
  process.once('disconnect', end)
  process.once('SIGTERM', end)
  process.once('SIGHUP', end)
  // Ctrl-C reaches every process of the terminal at once: the parent decides.
  process.on('SIGINT', () => {})
}
