/**
 * `npm test`: sets up, then runs every stage, says which took how long and what failed, and prints one last line,
 * `N passed, N failed`.
 *
 *   npm test                          every stage but those on request
 *   npm test -- unit browser          some stages, after the set-up
 *   npm test -- --no-setup unit       without installing and building first
 *   npm test -- --firefox --lab       the same, and then stages on request
 */
import { inspect } from 'node:util'
import { outcome, sum } from './checks.mjs'
import { endChildrenOnSignal, endRunning } from './processes.mjs'
import { SetUpError } from './set-up-error.mjs'
import { setUpStage, stages } from './stages.mjs'

const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const unknown = names.filter((name) => !stages.some((stage) => stage.name === name))
if (unknown.length > 0) {
  console.error(
    `No such stage: ${unknown.join(', ')}. There are ${stages.map(({ name }) => name).join(', ')}.`,
  )
  process.exit(2)
}

endChildrenOnSignal()

/** @type {{ stage: { title: string, budget: number }, counts: import('./checks.mjs').Counts, seconds: number }[]} */
const results = []

/** @param {{ title: string, budget: number, run: () => Promise<import('./checks.mjs').Counts | void> }} stage */
async function runStage(stage) {
  console.log(`\n=== ${stage.title} ===\n`)
  const start = performance.now()
  const limit = setTimeout(() => {
    console.error(`${stage.title} took more than ${stage.budget * 4} s and is ended.`)
    endRunning()
  }, stage.budget * 4000)
  let counts
  try {
    counts = (await stage.run()) ?? { passed: 0, failures: [], skipped: 0 }
    const { passed, failures, skipped } = counts
    if (stage !== setUpStage && passed + failures.length + skipped === 0) failures.push('It tried nothing.')
  } catch (error) {
    counts = outcome(false, error instanceof SetUpError ? error.message : inspect(error))
  }
  clearTimeout(limit)
  results.push({ stage, counts, seconds: (performance.now() - start) / 1000 })
  return counts.failures.length === 0
}

/** @param {import('./stages.mjs').Stage} stage */
function isChosen({ name, onRequest }) {
  if (process.argv.includes(`--${name}`)) return true
  return names.length > 0 ? names.includes(name) : !onRequest
}

const ready = process.argv.includes('--no-setup') || (await runStage(setUpStage))
if (ready) {
  for (const stage of stages) {
    if (isChosen(stage)) await runStage(stage)
  }
}

console.log('\n=== Time ===\n')
for (const { stage, counts, seconds } of results) {
  const time = `${seconds.toFixed(1).padStart(6)} s of ${String(stage.budget).padStart(3)} s`
  const late = seconds > stage.budget ? ', over budget' : ''
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''
  console.log(
    `${stage.title.padEnd(20)}${time}  ${counts.passed} passed, ${counts.failures.length} failed${skipped}${late}`,
  )
}

const broken = results.filter(({ counts }) => counts.failures.length > 0)
if (broken.length > 0) console.log('\n=== Failed ===')
for (const { stage, counts } of broken) {
  for (const failure of counts.failures) console.log(`\n${stage.title}: ${failure}`)
}

const { passed, failures } = sum(results.map(({ counts }) => counts))
const failed = failures.length
process.exitCode = failed > 0 ? 1 : 0
console.log(`\n${passed} passed, ${failed} failed`)
