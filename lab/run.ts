/** Runs the scenarios, or those whose name contains one of the arguments, and prints what came of them. */
import { removeNamespaces } from './network/namespaces'
import { runScenario } from './scenario'
import { scenarios } from './scenarios'

const wanted = process.argv.slice(2).map((argument) => argument.toLowerCase())
const chosen = scenarios.filter(
  ({ name }) => wanted.length === 0 || wanted.some((part) => name.toLowerCase().includes(part)),
)

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    removeNamespaces()
    process.exit(130)
  })
}

removeNamespaces()
const failed: string[] = []
for (const scenario of chosen) if (!(await runScenario(scenario))) failed.push(scenario.name)

for (const name of failed) console.log(`\nFailed: ${name}`)
console.log(`\n${chosen.length - failed.length} passed, ${failed.length} failed`)
process.exit(failed.length > 0 ? 1 : 0)
