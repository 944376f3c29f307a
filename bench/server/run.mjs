/**
 * `npm run bench -- server`: @nanopeer/server against PeerServer, and what others feel of faults, on Linux. Each server, its
 * clients and Redis are processes of their own; what a server costs is read from /proc.
 *
 *   npm run bench -- server                    10,000 clients; writes server/results.json, docs/server.svg, docs/scale.md
 *   npm run bench -- server --quick            1,000, and nothing is written
 *   npm run bench -- server --only costs       a part alone: costs, faults, or one fault by a part of its name
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { measureCosts, printCosts } from './costs.mjs'
import { measureFaults, printFaults } from './faults.mjs'
import { chartOfServer, withMeasured } from './page.mjs'

const resultsFile = new URL('./results.json', import.meta.url)
const pageFile = new URL('../../docs/scale.md', import.meta.url)
const chartFile = new URL('../../docs/server.svg', import.meta.url)

/** @param {string[]} given */
export async function benchServer(given) {
  const isQuick = given.includes('--quick')
  const only = given.includes('--only') ? (given[given.indexOf('--only') + 1] ?? '') : ''
  const size = isQuick
    ? { clients: 1_000, messages: 50_000, seconds: 4 }
    : { clients: 10_000, messages: 200_000, seconds: 10 }
  const machine = () => ({
    date: new Date().toISOString(),
    cpu: cpus()[0]?.model.trim(),
    cores: cpus().length,
    node: process.version,
    // What else the machine did: on a busy one times say more about it than about a server.
    load: Number((loadavg()[0] ?? 0).toPrecision(2)),
  })
  /** Parts that were not measured now stay as they were. @type {import('./page.mjs').Results} */
  const results = JSON.parse(readFileSync(resultsFile, 'utf8'))

  if (only === '' || only === 'costs') {
    results.costs = { machine: machine(), ...size, rows: await measureCosts(size) }
    printCosts(results.costs.rows)
  }
  if (only !== 'costs') {
    const rows = await measureFaults({ ...size, only: only === 'faults' ? '' : only })
    printFaults(rows)
    if (only === '' || only === 'faults') results.faults = { machine: machine(), clients: size.clients, rows }
  }
  if (isQuick) return
  writeFileSync(resultsFile, `${JSON.stringify(results, null, 2)}\n`)
  writeFileSync(pageFile, withMeasured(readFileSync(pageFile, 'utf8'), results))
  writeFileSync(chartFile, chartOfServer(results.costs.rows))
}
