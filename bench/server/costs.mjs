/** What a client and a message cost, against PeerServer. */
import { findRedis } from '../../scripts/server-programs.mjs'
import { ask, memoryOf, pause, processorTime, startClients, startRedis, startServer } from './processes.mjs'

/**
 * @typedef {object} CostRow
 * @property {string} name
 * @property {number} memory bytes a client
 * @property {number} idle % of a core, for all clients together
 * @property {number} perMessage µs of processor time
 * @property {number} broker the same of Redis
 * @property {number} perSecond messages, when the server is saturated
 * @property {number} p50 ms that a message takes, at 1,000 a second
 * @property {number} p95
 */

/** @param {{ clients: number, messages: number, seconds: number }} size @returns {Promise<CostRow[]>} */
export async function measureCosts(size) {
  /** @type {CostRow[]} */
  const rows = []
  // PeerServer twice: what it is divided by itself is the spread of this run.
  for (const contestant of ['peer', 'ours', 'peer again', 'two nodes']) {
    if (contestant === 'two nodes' && !findRedis())
      console.error('There is no Redis: two nodes are not measured.')
    else rows.push(await measure(contestant, size))
    console.error(rows.at(-1))
  }
  return rows
}

/** @param {string} contestant @param {{ clients: number, messages: number, seconds: number }} size @returns {Promise<CostRow>} */
async function measure(contestant, { clients, messages, seconds }) {
  const redis = contestant === 'two nodes' ? await startRedis() : null
  const kind = contestant.startsWith('peer') ? 'peer' : 'ours'
  const nodes = await Promise.all((redis ? [1, 2] : [1]).map(() => startServer(kind, redis?.url ?? '')))
  const load = startClients('load')
  const ports = nodes.map(({ port }) => port)
  const all = nodes.map(({ child }) => child)
  const brokers = redis ? [redis.child] : []
  try {
    const before = await memoryOf(all)
    await ask(load, 'open', { ports, count: clients })
    const memory = ((await memoryOf(all)) - before) / clients
    const idle = processorTime(all)
    await pause(seconds * 1000)
    const idleTime = processorTime(all) - idle
    const { p50, p95 } = await ask(load, 'pace', { seconds })
    // Once to warm up: what is compiled on the way is not the cost of a message.
    await ask(load, 'saturate', { messages: messages / 4 })
    const [busy, broker] = [processorTime(all), processorTime(brokers)]
    const { perSecond } = await ask(load, 'saturate', { messages })
    return {
      name: contestant,
      memory: Math.round(memory),
      idle: rounded((idleTime / seconds) * 100),
      perMessage: rounded(((processorTime(all) - busy) / messages) * 1e6),
      broker: rounded(((processorTime(brokers) - broker) / messages) * 1e6),
      perSecond: Math.round(perSecond),
      p50: rounded(p50),
      p95: rounded(p95),
    }
  } finally {
    for (const child of [load, ...all, ...brokers]) child.kill('SIGKILL')
  }
}

/** @param {number} value */
const rounded = (value) => Number(value.toPrecision(3))

/** @param {readonly CostRow[]} rows */
export function printCosts(rows) {
  const [base] = rows
  if (!base) return
  /** @type {[string, keyof CostRow][]} */
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
