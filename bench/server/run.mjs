/**
 * `npm run bench -- server`: @nanopeer/server against PeerServer, on Linux. Each server, its clients and Redis are processes of
 * their own; what a server costs is read from /proc.
 *
 *   npm run bench -- server             10,000 clients
 *   npm run bench -- server --quick     1,000
 */
import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { findRedis } from '../../scripts/redis.mjs'

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */
/** @typedef {{ name: string, memory: number, idle: number, perMessage: number, broker: number, perSecond: number, p50: number, p95: number }} Row */

const serversFile = fileURLToPath(new URL('./servers.mjs', import.meta.url))
const loadFile = fileURLToPath(new URL('./load.mjs', import.meta.url))
const resultsFile = fileURLToPath(new URL('./results.json', import.meta.url))
/** Clock ticks a second in /proc; 100 on every Linux that Node runs on. */
const ticks = 100

/** @param {string[]} given */
export async function benchServer(given) {
  const isQuick = given.includes('--quick')
  const size = isQuick
    ? { clients: 1_000, messages: 50_000, seconds: 4 }
    : { clients: 10_000, messages: 200_000, seconds: 10 }
  /** @type {Row[]} */
  const rows = []
  // PeerServer twice: what it is divided by itself is the spread of this run.
  for (const contestant of ['peer', 'ours', 'peer again', 'two nodes']) {
    if (contestant === 'two nodes' && !findRedis())
      console.error('There is no Redis: two nodes are not measured.')
    else rows.push(await measure(contestant, size))
    console.error(rows.at(-1))
  }
  print(rows)
  if (!isQuick) {
    const machine = {
      date: new Date().toISOString(),
      cpu: cpus()[0]?.model.trim(),
      cores: cpus().length,
      node: process.version,
    }
    writeFileSync(resultsFile, `${JSON.stringify({ machine, ...size, rows }, null, 2)}\n`)
  }
}

/** @param {string} contestant @param {{ clients: number, messages: number, seconds: number }} size @returns {Promise<Row>} */
async function measure(contestant, { clients, messages, seconds }) {
  const redis = contestant === 'two nodes' ? await startRedis() : null
  const kind = contestant.startsWith('peer') ? 'peer' : 'ours'
  const nodes = await Promise.all((redis ? [1, 2] : [1]).map(() => startServer(kind, redis?.url ?? '')))
  const load = fork(loadFile)
  const ports = nodes.map(({ port }) => port)
  const all = nodes.map(({ child }) => child)
  try {
    const before = await memoryOf(all)
    await ask(load, 'open', { ports, count: clients })
    const memory = ((await memoryOf(all)) - before) / clients
    const idle = await cost(all, async () => {
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
      return {}
    })
    const paced = await ask(load, 'pace', { seconds })
    // Once to warm up: what is compiled on the way is not the cost of a message.
    await ask(load, 'saturate', { messages: messages / 4 })
    const broker = redis ? processorTime(redis.child) : 0
    const busy = await cost(all, () => ask(load, 'saturate', { messages }))
    const brokerTime = redis ? processorTime(redis.child) - broker : 0
    return {
      name: contestant,
      memory: Math.round(memory),
      idle: rounded((idle.time / seconds) * 100),
      perMessage: rounded((busy.time / messages) * 1e6),
      broker: rounded((brokerTime / messages) * 1e6),
      perSecond: Math.round(busy.answer.perSecond ?? 0),
      p50: rounded(paced.p50 ?? 0),
      p95: rounded(paced.p95 ?? 0),
    }
  } finally {
    for (const child of [load, ...all, ...(redis ? [redis.child] : [])]) child.kill('SIGKILL')
  }
}

/** @param {string} kind @param {string} redis */
async function startServer(kind, redis) {
  const child = fork(serversFile, [kind, redis], {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const [{ port }] = await once(child, 'message')
  return { child, port: Number(port) }
}

async function startRedis() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  server.close()
  await once(server, 'close')
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  return { child: spawn(findRedis() ?? '', settings, { stdio: 'ignore' }), url: `redis://127.0.0.1:${port}` }
}

/** Asks the clients for something. @param {ChildProcess} load @param {string} action @param {object} wanted @returns {Promise<Record<string, number>>} */
async function ask(load, action, wanted) {
  load.send({ action, wanted })
  const [answer] = await once(load, 'message')
  return answer
}

/** Bytes in memory after a collection, of several processes together. @param {ChildProcess[]} children */
async function memoryOf(children) {
  let total = 0
  for (const child of children) {
    child.send('memory')
    const [{ rss }] = await once(child, 'message')
    total += Number(rss)
  }
  return total
}

/** Processor time that processes use while something goes on, in s. @param {ChildProcess[]} children @param {() => Promise<Record<string, number>>} action */
async function cost(children, action) {
  const used = () => children.reduce((total, child) => total + processorTime(child), 0)
  const start = used()
  const answer = await action()
  return { time: used() - start, answer }
}

/** Processor time of a process so far, in s. @param {ChildProcess} child */
function processorTime(child) {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / ticks
}

/** @param {number} value */
const rounded = (value) => Number(value.toPrecision(3))

/** @param {Row[]} rows */
function print(rows) {
  const [base] = rows
  if (!base) return
  /** @type {[string, keyof Row][]} */
  const columns = [
    ['bytes a client', 'memory'],
    ['idle, % of a core', 'idle'],
    ['µs a message', 'perMessage'],
    ['of Redis, µs', 'broker'],
    ['messages/s', 'perSecond'],
    ['p50 ms', 'p50'],
    ['p95 ms', 'p95'],
  ]
  console.log(['server'.padEnd(12), ...columns.map(([title]) => title.padStart(22))].join(''))
  for (const row of rows) {
    const cells = columns.map(([, key]) => {
      const [value, first] = [Number(row[key]), Number(base[key])]
      return `${value}${first > 0 ? ` (${(value / first).toFixed(2)}×)` : ''}`.padStart(22)
    })
    console.log([row.name.padEnd(12), ...cells].join(''))
  }
}
