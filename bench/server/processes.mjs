/** The processes of a measurement: servers, Redis, clients. All of them are this one's children, and end with it. */
import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { findRedis } from '../../scripts/server-programs.mjs'

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */

const pathOf = (/** @type {string} */ relative) => fileURLToPath(new URL(relative, import.meta.url))
/** Clock ticks a second in /proc; 100 on every Linux that Node runs on. */
const ticks = 100

/** A server without limits, which tells its memory. @param {'peer' | 'ours'} kind @param {string} redis */
export async function startServer(kind, redis) {
  const child = fork(pathOf('./servers.mjs'), [kind, redis], {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const [{ port }] = await once(child, 'message')
  return { child, port: Number(port) }
}

/** The command as its users have it, with its own limits. @param {string[]} given */
export async function startCommand(...given) {
  const free = ['--host', '127.0.0.1', '--port', '0', '--operations_port', '0']
  const child = spawn(process.execPath, [pathOf('../../packages/server/dist/cli.js'), ...free, ...given], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface(/** @type {import('node:stream').Readable} */ (child.stdout))
  const [line] = await once(lines, 'line')
  const { port, operationsPort } = JSON.parse(line)
  const isReady = async () => (await fetch(`http://127.0.0.1:${operationsPort}/ready`)).ok
  /** Resolves when it takes clients. */
  const ready = async () => {
    while (!(await isReady())) await pause(20)
  }
  return { child, port: Number(port), ready, exited: once(child, 'exit') }
}

/** An empty Redis. @param {number} [port] where an earlier one stood; a free one by default */
export async function startRedis(port) {
  const wanted = port ?? (await freePort())
  const settings = ['--port', String(wanted), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const child = spawn(findRedis() ?? '', settings, { stdio: 'ignore' })
  return { child, port: wanted, url: `redis://127.0.0.1:${wanted}` }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}

/** Clients of one kind. @param {'load' | 'crowd' | 'attackers'} kind */
export const startClients = (kind) => fork(pathOf(`./${kind}.mjs`))

/** Asks clients for something. @param {ChildProcess} clients @param {string} action @param {object} [wanted] @returns {Promise<any>} */
export async function ask(clients, action, wanted = {}) {
  clients.send({ action, wanted })
  const [answer] = await once(clients, 'message')
  return answer
}

/** @param {number} ms */
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** Bytes in memory after a collection, of several servers together. @param {ChildProcess[]} children */
export async function memoryOf(children) {
  let total = 0
  for (const child of children) {
    child.send('memory')
    const [{ rss }] = await once(child, 'message')
    total += Number(rss)
  }
  return total
}

/** Processor time of processes so far, in s. @param {ChildProcess[]} children */
export function processorTime(children) {
  return children.reduce((total, { pid }) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return total + (Number(fields[11]) + Number(fields[12])) / ticks
  }, 0)
}
