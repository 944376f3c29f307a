/** Runs the scenarios and reports what they found. `run.mjs` bundles and starts it. */
import { execFileSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { startBench } from './harness/bench'
import type { Result } from './harness/scenario'
import { isWanted, parseOptions } from './options'
import { chartOf } from './report/chart'
import { readRuns, record } from './report/history'
import { jsonOf } from './report/json'
import { withFigures } from './report/page.mjs'
import { tableOf } from './report/table'
import { scenarios } from './scenarios/index'

const options = parseOptions(process.argv.slice(2))
const say = (text: string) => console.error(text)
const repository = new URL('../../', import.meta.url)
const history = new URL('bench/history/', repository)

const bench = await startBench({ quick: options.quick, say })
const about = { quick: options.quick, browser: `Chromium ${bench.browser.version()}` }
const results: Result[] = []
try {
  for (const scenario of scenarios) {
    if (!isWanted(scenario.keys, options.only)) continue
    const start = performance.now()
    results.push(...(await scenario.run(bench)))
    say(`${scenario.keys.join(', ')}: ${((performance.now() - start) / 1000).toFixed(0)} s`)
  }
} finally {
  await bench.stop()
}

const isWhole = options.only.length === 0
const found = jsonOf(results, about)
const json = `${JSON.stringify(found, null, 2)}\n`
const recorded = await Promise.all(results.map(async ({ key }) => (await readRuns(history, key)).at(-1)))
console.log(options.json ? json : `\n${tableOf(results, recorded)}`)
if (isWhole) await keep()
if (isWhole || options.record) {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: repository, encoding: 'utf8' })
  const date = new Date().toISOString()
  await record(history, results, { date, commit: commit.trim(), quick: options.quick })
  say(`Recorded in ${fileURLToPath(history)}`)
}

/** Only a whole run is kept: parts of two runs are not to be compared. */
async function keep(): Promise<void> {
  const page = new URL('docs/performance.md', repository)
  await writeFile(new URL('bench/results.json', repository), json)
  await writeFile(new URL('docs/bench.svg', repository), chartOf(results))
  await writeFile(page, withFigures(await readFile(page, 'utf8'), found))
  say(`Written: ${fileURLToPath(repository)}bench/results.json, docs/bench.svg, docs/performance.md`)
}
