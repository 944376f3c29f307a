/**
 * What others feel of a fault: two nodes on one Redis, or one alone, as the command starts them; a crowd that comes back by
 * itself; and clients apart from all that, whose messages are timed, before the fault and while it lasts.
 */
import { once } from 'node:events'
import { findRedis } from '../../scripts/server-programs.mjs'
import { ask, pause, startClients, startCommand, startRedis } from './processes.mjs'

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */
/** @typedef {{ p50: number, p95: number }} Times in ms */
/** @typedef {{ fault: string, quiet: Times, others: Times, seen: Record<string, number> }} FaultRow */

/** Clients whose messages are timed. */
const watchers = 200

/**
 * @typedef {object} Stage
 * @property {Awaited<ReturnType<typeof startRedis>>} redis
 * @property {Awaited<ReturnType<typeof startCommand>>} one
 * @property {Awaited<ReturnType<typeof startCommand>>} two
 * @property {ChildProcess} crowd half of it at each node; those at `two` send to those at `one`, 500 messages a second
 * @property {number} clients
 * @property {number} now when the fault begins, in ms since 1970
 */

/** Each resolves when the fault is over and everybody is back. @type {Record<string, (stage: Stage) => Promise<Record<string, number>>>} */
const crowdFaults = {
  async 'a node is killed'({ one, crowd, clients, now }) {
    one.child.kill('SIGKILL')
    const { at } = await ask(crowd, 'back', { lost: clients / 2 })
    return { 'back after, ms': at - now, ...(await lostSince(crowd, now)) }
  },

  async 'a node stands still for 10 s'({ one, two, crowd, now }) {
    one.child.kill('SIGSTOP')
    await pause(10_000)
    one.child.kill('SIGCONT')
    await Promise.all([one.ready(), two.ready()])
    return { 'ready after, ms': Date.now() - now - 10_000, ...(await lostSince(crowd, now)) }
  },

  async 'Redis is restarted, empty'({ redis, one, two, crowd, now }) {
    redis.child.kill('SIGKILL')
    await once(redis.child, 'exit')
    redis.child = (await startRedis(redis.port)).child
    const restarted = Date.now()
    // Only now do they know that it was away.
    await pause(100)
    await Promise.all([one.ready(), two.ready()])
    return { 'ready after, ms': Date.now() - restarted, ...(await lostSince(crowd, now)) }
  },

  async 'Redis stands still for 10 s'({ redis, one, two, crowd, now }) {
    redis.child.kill('SIGSTOP')
    await pause(10_000)
    redis.child.kill('SIGCONT')
    await Promise.all([one.ready(), two.ready()])
    return { 'ready after, ms': Date.now() - now - 10_000, ...(await lostSince(crowd, now)) }
  },

  async 'a node drains'({ one, crowd, clients, now }) {
    one.child.kill('SIGTERM')
    await one.exited
    const exit = Date.now() - now
    const { at } = await ask(crowd, 'back', { lost: clients / 2 })
    return { 'exit after, ms': exit, 'back after, ms': at - now, ...(await lostSince(crowd, now)) }
  },
}

/** @param {ChildProcess} crowd @param {number} now */
async function lostSince(crowd, now) {
  const { sent, told, lost } = await ask(crowd, 'settle', { patience: 12_000 })
  const latest = Math.max(0, ...lost.map((/** @type {number} */ at) => at - now))
  const { medianGap, longestGap, closings } = await ask(crowd, 'tell')
  return {
    sent,
    'told by EXPIRE': told,
    lost: lost.length,
    'last lost, ms after': latest,
    'median without a server, ms': medianGap,
    'longest without a server, ms': longestGap,
    ...Object.fromEntries(
      Object.entries(closings).map(([code, count]) => [`closed with ${code}`, Number(count)]),
    ),
  }
}

/** How long an attack lasts, in s. */
const attackTime = 10

/** @param {{ clients: number, only?: string }} wanted @returns {Promise<FaultRow[]>} */
export async function measureFaults({ clients, only = '' }) {
  /** @type {FaultRow[]} */
  const rows = []
  if (!findRedis()) console.error('There is no Redis: faults of two nodes are not measured.')
  else {
    for (const fault of Object.keys(crowdFaults).filter((name) => name.includes(only))) {
      rows.push(await underFault(fault, clients))
      console.error(rows.at(-1))
    }
  }
  for (const attack of ['flood', 'slow', 'guess'].filter((name) => name.includes(only))) {
    rows.push(await underAttack(attack))
    console.error(rows.at(-1))
  }
  return rows
}

/** @param {string} fault @param {number} clients @returns {Promise<FaultRow>} */
async function underFault(fault, clients) {
  const redis = await startRedis()
  const startNode = () => startCommand('--redis', redis.url)
  const [one, two] = await Promise.all([startNode(), startNode()])
  const [crowd, watch] = [startClients('crowd'), startClients('load')]
  try {
    await Promise.all([one.ready(), two.ready()])
    await ask(crowd, 'open', { ports: [one.port, two.port], count: clients })
    // At the node that stays: what others feel.
    await ask(watch, 'open', { ports: [two.port], count: watchers, name: 'watcher' })
    await ask(crowd, 'chat', { from: two.port, to: one.port, perSecond: 500 })
    const quiet = await ask(watch, 'pace', { seconds: 5 })
    const others = ask(watch, 'pace', { seconds: attackTime })
    const seen = await /** @type {typeof crowdFaults[string]} */ (crowdFaults[fault])({
      redis,
      one,
      two,
      crowd,
      clients,
      now: Date.now(),
    })
    return { fault, quiet, others: await others, seen }
  } finally {
    for (const child of [crowd, watch, one.child, two.child, redis.child]) child.kill('SIGKILL')
  }
}

/** @param {string} attack @returns {Promise<FaultRow>} */
async function underAttack(attack) {
  const node = await startCommand()
  const [watch, attackers] = [startClients('load'), startClients('attackers')]
  try {
    await ask(watch, 'open', { ports: [node.port], count: watchers })
    const quiet = await ask(watch, 'pace', { seconds: 5 })
    await ask(attackers, attack, { port: node.port })
    const others = await ask(watch, 'pace', { seconds: attackTime })
    return { fault: attack, quiet, others, seen: await ask(attackers, 'stop') }
  } finally {
    for (const child of [watch, attackers, node.child]) child.kill('SIGKILL')
  }
}

/** @param {FaultRow[]} rows */
export function printFaults(rows) {
  for (const { fault, quiet, others, seen } of rows) {
    console.log(`\n${fault}`)
    console.log(`  others, ms: p50 ${quiet.p50} → ${others.p50}, p95 ${quiet.p95} → ${others.p95}`)
    for (const [name, value] of Object.entries(seen)) console.log(`  ${name}: ${value}`)
  }
}
