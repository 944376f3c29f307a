/** Runs the scenarios, or those whose name contains one of the arguments, and prints what came of them. */
import { writeFileSync } from 'node:fs'
import { removeNamespaces } from './network/namespaces'
import { runScenario } from './scenario'
import { scenarios } from './scenarios'

const wanted = process.argv.slice(2).map((argument) => argument.toLowerCase())
const chosen = scenarios.filter(
  ({ name }) => wanted.length === 0 || wanted.some((part) => name.toLowerCase().includes(part)),
)

if (chosen.length === 0) {
  console.error(`No scenario's name contains ${wanted.join(' or ')}.`)
  process.exit(2)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    removeNamespaces()
    process.exit(130)
  })
}

removeNamespaces()
const failures: string[] = []
for (const scenario of chosen) {
  if (!(await runScenario(scenario))) failures.push(scenario.name)
}

const counts = { passed: chosen.length - failures.length, failures, skipped: 0 }
const { NANOPEER_COUNTS } = process.env
if (NANOPEER_COUNTS) writeFileSync(NANOPEER_COUNTS, JSON.stringify(counts))

for (const name of failures) console.log(`\nFailed: ${name}`)
console.log(`\n${counts.passed} passed, ${failures.length} failed`)
process.exit(failures.length > 0 ? 1 : 0)
