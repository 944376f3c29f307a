import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { repository, run } from './processes.mjs'

/**
 * What a stage came to.
 *
 * @typedef {object} Counts
 * @property {number} passed
 * @property {string[]} failures what failed, each by its name and, where there is one, its error
 * @property {number} skipped
 */

/** What one check came to; said at once where it failed. @param {boolean} isRight @param {string} name @returns {Counts} */
export function outcome(isRight, name) {
  if (!isRight) console.error(`Failed: ${name}`)
  return { passed: isRight ? 1 : 0, failures: isRight ? [] : [name], skipped: 0 }
}

/** @param {Counts[]} all @returns {Counts} */
export function sum(all) {
  return {
    passed: all.reduce((total, { passed }) => total + passed, 0),
    failures: all.flatMap(({ failures }) => failures),
    skipped: all.reduce((total, { skipped }) => total + skipped, 0),
  }
}

/** The path of a command that the set-up has installed. @param {string} name */
export const tool = (name) => join(repository, 'node_modules', '.bin', name)

/**
 * Runs a command that counts as one check: passed when it exits with 0.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string }} [options]
 * @returns {Promise<Counts>}
 */
export async function check(command, args, options) {
  const code = await run(command, args, options)
  const name = [command, ...args].join(' ').replaceAll(repository, '')
  return outcome(code === 0, `${name} (exit ${code})`)
}

/**
 * One check for each of two cores, the next as soon as one has ended.
 *
 * @param {(() => Promise<Counts>)[]} checks
 */
export async function inTwos(checks) {
  const left = checks.values()
  /** @type {Counts[]} */
  const results = []
  const work = async () => {
    for (const run of left) results.push(await run())
  }
  await Promise.all([work(), work()])
  return sum(results)
}

/**
 * Runs vitest projects and reads the counts from its report. An expected project without a test counts as one
 * failed, and so does a run that ends badly without a failed test: a crash, or an error outside every test.
 *
 * @param {string[]} projects their names in vitest.config.ts, with `*` for any
 * @param {string[]} expected those that must have tests
 * @param {string[]} [options] more of vitest's own
 * @returns {Promise<Counts>}
 */
export async function vitest(projects, expected, options = []) {
  const path = join(repository, '.cache', 'counts', `${projects.join(' ').replace(/[*:]/g, '')}.json`)
  rmSync(path, { force: true })
  const reporters = ['--reporter=default', '--reporter=./scripts/vitest/counts-reporter.ts']
  const chosen = projects.map((project) => `--project=${project}`)
  const code = await run(tool('vitest'), ['run', ...chosen, ...options, ...reporters], {
    env: { NANOPEER_COUNTS: path },
  })
  const report = readReport(path)
  if (!report) return outcome(false, `${projects.join(', ')}: vitest ended before it could report.`)
  const total = sum(Object.values(report.projects))
  const empty = expected.filter((name) => !hasTests(report, name))
  total.failures.push(...report.unhandledErrors, ...empty.map((name) => `The project ${name} has no tests.`))
  if (code !== 0 && total.failures.length === 0)
    total.failures.push(`${projects.join(', ')}: vitest ended with the code ${code}, and no test failed.`)
  return total
}

/** @param {import('./vitest/counts-reporter').CountsReport} report @param {string} name */
function hasTests(report, name) {
  return Object.entries(report.projects).some(
    // The projects of a browser carry its name: "core:browser (chromium)".
    ([key, { passed, failures, skipped }]) =>
      (key === name || key.startsWith(`${name} (`)) && passed + failures.length + skipped > 0,
  )
}

/** @param {string} path @returns {import('./vitest/counts-reporter').CountsReport | undefined} */
function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return undefined
    throw error
  }
}
