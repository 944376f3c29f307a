/** Runs the scenarios and reports what they found. `run.mjs` bundles and starts it. */
import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { startBench } from './harness/bench'
import type { Result } from './harness/scenario'
import { isWanted, parseOptions } from './options'
import { chartOf } from './report/chart'
import { jsonOf } from './report/json'
import { tableOf } from './report/table'
import { scenarios } from './scenarios/index'

const options = parseOptions(process.argv.slice(2))
const say = (text: string) => console.error(text)

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

const json = `${JSON.stringify(jsonOf(results, about), null, 2)}\n`
console.log(options.json ? json : `\n${tableOf(results)}`)
if (options.only.length === 0) await keep(json)

/** Only a whole run is kept: parts of two runs are not to be compared. */
async function keep(text: string): Promise<void> {
  const repository = new URL('../../', import.meta.url)
  await mkdir(new URL('docs/', repository), { recursive: true })
  await writeFile(new URL('bench/results.json', repository), text)
  await writeFile(new URL('docs/bench.svg', repository), chartOf(results))
  say(`Written: ${fileURLToPath(repository)}bench/results.json, docs/bench.svg`)
}
