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

/**
 * Runs a command that counts as one check: passed when it exits with 0.
 *
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<Counts>}
 */
export async function check(command, args) {
  const succeeded = (await run(command, args)) === 0
  if (!succeeded) console.error(`Failed: ${command} ${args.join(' ')}`)
  return { passed: succeeded ? 1 : 0, failed: succeeded ? 0 : 1, skipped: 0 }
}

/**
 * Runs vitest projects and reads the counts from its report. A project without a test counts as one failed, and
 * so does a run that ends badly without a failed test: a crash, or an error outside every test.
 *
 * @param {string[]} projects names as in vitest.config.ts, all of which must have tests
 * @returns {Promise<Counts>}
 */
export async function vitest(projects) {
  const path = join(repository, '.cache', 'counts', `${projects.join('+').replaceAll(':', '-')}.json`)
  rmSync(path, { force: true })
  const code = await run(
    'npx',
    [
      '--no-install',
      'vitest',
      'run',
      '--reporter=default',
      '--reporter=./scripts/vitest/counts-reporter.ts',
      ...projects.map((name) => `--project=${name}`),
    ],
    { env: { NANOPEER_COUNTS: path } },
  )
  const report = readReport(path)
  if (!report) {
    console.error('vitest ended before it could report.')
    return { passed: 0, failed: 1, skipped: 0 }
  }
  const total = sum(projects.map((name) => countsOf(report, name)))
  total.failed += report.unhandledErrors
  if (code !== 0 && total.failed === 0) total.failed = 1
  return total
}

/** @param {import('./vitest/counts-reporter').CountsReport} report @param {string} name @returns {Counts} */
function countsOf(report, name) {
  // The projects of a browser carry its name: "core:browser (chromium)".
  const found = Object.entries(report.projects).filter(([key]) => key === name || key.startsWith(`${name} (`))
  const counts = sum(found.map(([, value]) => value))
  if (counts.passed + counts.failed > 0) return counts
  console.error(`The project ${name} has no tests.`)
  return { ...counts, failed: 1 }
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
