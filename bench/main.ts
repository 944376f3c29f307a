/** Runs the scenarios and reports what they found. `run.mjs` bundles and starts it. */
import { execFileSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { startBench } from './harness/bench'
import type { Result } from './harness/scenario'
import { isWanted, parseOptions } from './options'
import { chartOf } from './report/chart'
import { readRuns, record } from './report/history'
import { type Entries, type Entry, entriesOf, machineOf } from './report/json'
import { withFigures } from './report/page.mjs'
import { tableOf } from './report/table'
import { scenarios } from './scenarios/index'

const options = parseOptions(process.argv.slice(2))
const say = (text: string) => console.error(text)
const repository = new URL('../../', import.meta.url)
const history = new URL('bench/history/', repository)

const bench = await startBench({ quick: options.quick, say })
const browser = `Chromium ${bench.browser.version()}`
const results: Result[] = []
const failed: string[] = []
try {
  for (const scenario of scenarios) {
    if (!isWanted(scenario.keys, options.only)) continue
    const start = performance.now()
    const names = scenario.keys.join(', ')
    try {
      results.push(...(await scenario.run(bench)))
      say(`${names}: ${((performance.now() - start) / 1000).toFixed(0)} s`)
    } catch (error) {
      // What half an hour has found out is not lost with one of its parts.
      failed.push(names)
      console.error(`${names}:`, error)
    }
  }
} finally {
  await bench.stop()
}

const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: repository, encoding: 'utf8' })
const about = { date: new Date().toISOString(), commit: commit.trim(), quick: options.quick }
const found = entriesOf(results, about)
const recorded = await Promise.all(results.map(async ({ key }) => (await readRuns(history, key)).at(-1)))
const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
console.log(
  options.json ? json({ machine: machineOf(browser), ...found }) : `\n${tableOf(results, recorded)}`,
)
if (options.record || options.only.length === 0) {
  await record(history, results, about)
  say(`Recorded in ${fileURLToPath(history)}`)
  if (!options.quick) await keep()
}
if (failed.length > 0) {
  say(`Failed: ${failed.join('; ')}`)
  process.exitCode = 1
}

/** What was measured takes the place of what was there under its keys: ratios are of one run, whenever that was. */
async function keep(): Promise<void> {
  const file = new URL('bench/results.json', repository)
  const page = new URL('docs/performance.md', repository)
  const before = JSON.parse(await readFile(file, 'utf8')) as Entries
  const latest = { ...before, ...found }
  const keys = scenarios.flatMap((scenario) => scenario.keys).filter((key) => latest[key])
  const entries = Object.fromEntries(keys.map((key) => [key, latest[key] as Entry]))
  const kept = { machine: machineOf(browser), ...entries }
  await writeFile(file, json(kept))
  await writeFile(new URL('docs/bench.svg', repository), chartOf(entries))
  await writeFile(page, withFigures(await readFile(page, 'utf8'), kept))
  say(`Written: ${fileURLToPath(repository)}bench/results.json, docs/bench.svg, docs/performance.md`)
}
