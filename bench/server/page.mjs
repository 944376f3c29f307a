/** What docs/scale.md and docs/server.svg show of `results.json`. */
import { drawBars } from '../report/bars.mjs'
import { withTable } from '../report/page.mjs'
import { plain } from '../report/plain.mjs'

/**
 * @typedef {import('./costs.mjs').CostRow} CostRow
 * @typedef {import('./faults.mjs').FaultRow} FaultRow
 * @typedef {{ date: string, cpu?: string, cores: number, node: string, load: number }} Machine `load`: before it began
 * @typedef {{ machine: Machine, clients: number, messages: number, seconds: number, rows: readonly CostRow[] }} Costs
 * @typedef {{ machine: Machine, clients: number, rows: readonly FaultRow[] }} Faults
 * @typedef {{ costs: Costs, faults: Faults }} Results
 */

/** How people call what is measured. @type {Readonly<Record<string, string>>} */
const names = {
  peer: '`peer` 1.0.2',
  ours: 'one node',
  'peer again': '`peer` again',
  'two nodes': 'two nodes, every message between them',
}

/** @type {Readonly<Record<string, string>>} */
const attacks = {
  flood: 'a hundred clients send what they can',
  slow: 'a hundred clients do not read what they are sent',
  guess: 'ids are guessed, over fifty sockets at a time',
}

/** @param {string} page @param {Results} results */
export const withMeasured = (page, { costs, faults }) =>
  withTable(
    page,
    [
      about(costs, faults),
      costTable(costs.rows),
      faultTable(faults.rows),
      barTable(costs.rows, faults.rows),
    ].join('\n\n'),
  )

/** @param {Costs} costs @param {Faults} faults */
const about = (costs, faults) =>
  `${plain(costs.clients)} clients with a heartbeat each 5 s, as PeerJS has it; messages of 1 KB. Node ${costs.machine.node}, ` +
  `${costs.machine.cores} cores of an ${costs.machine.cpu}, which servers, clients and Redis share. The machine's load before the ` +
  `costs were measured was ${costs.machine.load}, before the faults ${faults.machine.load}.`

/** @param {readonly CostRow[]} rows */
function costTable(rows) {
  const [base] = rows
  const cell = (/** @type {CostRow} */ row, /** @type {keyof CostRow} */ key) => {
    const [value, first] = [Number(row[key]), Number(base?.[key])]
    if (value === 0) return ''
    return row === base || first === 0 ? plain(value) : `${plain(value)} (${(value / first).toFixed(2)}×)`
  }
  /** @type {(keyof CostRow)[]} */
  const keys = ['memory', 'idle', 'perMessage', 'broker', 'perSecond', 'p50', 'p95']
  return table(
    [
      '',
      'bytes a client',
      'idle, % of a core',
      'processor, µs a message',
      'Redis, µs a message',
      'messages/s',
      'p50, ms',
      'p95, ms',
    ],
    rows.map((row) => [names[row.name] ?? row.name, ...keys.map((key) => cell(row, key))]),
  )
}

/** @param {readonly FaultRow[]} rows */
const faultTable = (rows) =>
  table(
    ['fault', 'what was seen', 'p95 of others, ms: before → meanwhile'],
    rows.map(({ fault, quiet, others, seen }) => [
      attacks[fault] ?? fault,
      Object.entries(seen)
        // That nothing is lost is worth saying.
        .filter(([name, value]) => value !== 0 || name === 'lost')
        .map(([name, value]) => `${name}: ${plain(value)}`)
        .join('; '),
      `${plain(quiet.p95)} → ${plain(others.p95)}`,
    ]),
  )

/** What the server was built to keep, and whether it did in this run. @param {readonly CostRow[]} costs @param {readonly FaultRow[]} faults */
function barTable(costs, faults) {
  const cost = (/** @type {string} */ name) => costs.find((row) => row.name === name)
  const [peer, ours, two] = [cost('peer'), cost('ours'), cost('two nodes')]
  const seen = (/** @type {string} */ fault, /** @type {string} */ name) =>
    faults.find((row) => row.fault === fault)?.seen[name]
  const ratio = (/** @type {number | undefined} */ value, /** @type {number | undefined} */ base) =>
    value === undefined || base === undefined ? undefined : value / base
  /** @type {[string, number, number | undefined][]} */
  const bars = [
    ['memory of an idle client, bytes', 10_240, ours?.memory],
    ['idle processor, × PeerServer', 1.1, ratio(ours?.idle, peer?.idle)],
    ['saturated processor, × PeerServer', 1.1, ratio(ours?.perMessage, peer?.perMessage)],
    ['two nodes, saturated, × PeerServer', 2, ratio(two?.perMessage, peer?.perMessage)],
    ['Redis, µs a message', 15, two?.broker],
    ['p95 at 1,000 messages/s, one node, ms', 1, ours?.p95],
    ['p95 at 1,000 messages/s, between nodes, ms', 5, two?.p95],
    ['a node is killed: all back, ms', 5_000, seen('a node is killed', 'back after, ms')],
    [
      'a node is killed: last lost message sent, ms after',
      50,
      seen('a node is killed', 'last lost, ms after'),
    ],
    [
      'a node drains: longest without a server, ms',
      2_000,
      seen('a node drains', 'longest without a server, ms'),
    ],
    ['a node drains: exit, ms', 30_000, seen('a node drains', 'exit after, ms')],
    ['Redis restarted: routing again, ms', 5_000, seen('Redis is restarted, empty', 'ready after, ms')],
  ]
  return table(
    ['what should hold', 'at most', 'measured', ''],
    bars.map(([name, most, value]) => [
      name,
      plain(most),
      value === undefined ? 'not measured' : plain(value),
      value === undefined ? '' : value <= most ? 'met' : 'missed',
    ]),
  )
}

/** @param {readonly string[]} head @param {readonly (readonly string[])[]} rows */
const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`.replace(/ {2,}\|/g, ' |'))
    .join('\n')

/** @param {readonly CostRow[]} rows */
export function chartOfServer(rows) {
  /** @type {[string, keyof CostRow][]} */
  const groups = [
    ['Memory of an idle client, bytes (shorter is better)', 'memory'],
    ['Processor time of a message, µs (shorter is better)', 'perMessage'],
    ['Processor when 10,000 clients are idle, % of a core (shorter is better)', 'idle'],
    ['A message at 1,000 a second, median in ms (shorter is better)', 'p50'],
  ]
  const bars = (/** @type {keyof CostRow} */ key) =>
    rows.map((row) => ({
      name: row.name.startsWith('peer')
        ? row.name.replace('peer', 'PeerServer')
        : row.name.replace('ours', 'one node'),
      value: Number(row[key]),
      isOurs: !row.name.startsWith('peer'),
    }))
  return drawBars(
    'The signalling server measured against PeerServer',
    groups.map(([title, key]) => ({ title, bars: bars(key) })),
  )
}
