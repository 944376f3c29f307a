/** Runs the scenarios and reports what they found. `run.mjs` bundles and starts it. */
import { startBench } from './harness/bench'
import type { Result } from './harness/scenario'
import { isWanted, parseOptions } from './options'
import { scenarios } from './scenarios/index'

const options = parseOptions(process.argv.slice(2))
const say = (text: string) => console.error(text)

const bench = await startBench({ quick: options.quick, say })
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
console.log(JSON.stringify(results, null, 2))
