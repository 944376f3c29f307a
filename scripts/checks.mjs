import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { repository, run } from './processes.mjs'

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts What a stage came to. */

/** @param {Counts[]} all @returns {Counts} */
export function sum(all) {
  const total = { passed: 0, failed: 0, skipped: 0 }
  for (const { passed, failed, skipped } of all) {
    total.passed += passed
    total.failed += failed
    total.skipped += skipped
  }
  return total
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
  const succeeded = (await run(command, args, options)) === 0
  if (!succeeded) console.error(`Failed: ${command} ${args.join(' ')}`)
  return { passed: succeeded ? 1 : 0, failed: succeeded ? 0 : 1, skipped: 0 }
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
  if (!report) {
    console.error('vitest ended before it could report.')
    return { passed: 0, failed: 1, skipped: 0 }
  }
  const total = sum(Object.values(report.projects))
  total.failed += report.unhandledErrors
  for (const name of expected.filter((name) => !hasTests(report, name))) {
    console.error(`The project ${name} has no tests.`)
    total.failed += 1
  }
  if (code !== 0 && total.failed === 0) total.failed = 1
  return total
}

/** @param {import('./vitest/counts-reporter').CountsReport} report @param {string} name */
function hasTests(report, name) {
  return Object.entries(report.projects).some(
    // The projects of a browser carry its name: "core:browser (chromium)".
    ([key, { passed, failed, skipped }]) =>
      (key === name || key.startsWith(`${name} (`)) && passed + failed + skipped > 0,
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
