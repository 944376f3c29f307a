import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { SerializedError } from 'vitest'
import type { Reporter, TestModule } from 'vitest/node'
import type { Counts } from '../checks.mjs'

/** What a run came to: its projects by name, and the errors that belong to no test. */
export interface CountsReport {
  projects: Record<string, Counts>
  unhandledErrors: string[]
}

/** Lines of an error that are told; the whole one is where its test ran. */
const longest = 20

/**
 * Writes a {@link CountsReport} as JSON to the path in `NANOPEER_COUNTS`, for `npm test` to add up. A file or a
 * `describe` that fails outside its tests counts as one failed, and so does a test that never came to an end:
 * vitest's own JSON reporter tells neither these nor the projects apart.
 */
export default class CountsReporter implements Reporter {
  async onTestRunEnd(
    modules: readonly TestModule[],
    unhandledErrors: readonly SerializedError[],
  ): Promise<void> {
    const path = process.env.NANOPEER_COUNTS
    if (!path) throw new Error('The counts reporter needs NANOPEER_COUNTS, the path of the file to write.')
    const projects: CountsReport['projects'] = {}
    for (const module of modules) {
      projects[module.project.name] ??= { passed: 0, failures: [], skipped: 0 }
      count(module, projects[module.project.name] as Counts)
    }
    const unhandled = unhandledErrors.map((error) => failureOf('outside of every test', [error]))
    const report: CountsReport = { projects, unhandledErrors: unhandled }
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, JSON.stringify(report, null, 2))
  }
}

function count(module: TestModule, counts: Counts): void {
  const place = `${module.project.name} ${module.relativeModuleId}`
  for (const test of module.children.allTests()) {
    const { state, errors = [] } = test.result()
    const name = `${place} > ${test.fullName}`
    if (state === 'passed' || state === 'skipped') counts[state] += 1
    else
      counts.failures.push(state === 'pending' ? `${name}: it never came to an end` : failureOf(name, errors))
  }
  for (const suite of module.children.allSuites()) {
    if (suite.errors().length > 0)
      counts.failures.push(failureOf(`${place} > ${suite.fullName}`, suite.errors()))
  }
  if (module.errors().length > 0) counts.failures.push(failureOf(place, module.errors()))
}

function failureOf(name: string, errors: readonly SerializedError[]): string {
  const texts = errors.flatMap(({ message, diff, stacks }) => {
    const [from] = stacks ?? []
    const place = from && `at ${from.file}:${from.line}:${from.column}`
    return [message, diff, place]
      .filter((text) => text !== undefined)
      .join('\n')
      .split('\n')
  })
  return [name, ...texts.slice(0, longest).map((line) => `  ${line}`)].join('\n')
}
