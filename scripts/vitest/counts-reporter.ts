import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { SerializedError } from 'vitest'
import type { Reporter, TestModule } from 'vitest/node'

/** What one project of a run came to. */
export interface Counts {
  passed: number
  failed: number
  skipped: number
}

/** What a run came to: its projects by name, and the errors that belong to no test. */
export interface CountsReport {
  projects: Record<string, Counts>
  unhandledErrors: number
}

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
      projects[module.project.name] ??= { passed: 0, failed: 0, skipped: 0 }
      count(module, projects[module.project.name] as Counts)
    }
    const report: CountsReport = { projects, unhandledErrors: unhandledErrors.length }
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, JSON.stringify(report, null, 2))
  }
}

function count(module: TestModule, counts: Counts): void {
  for (const test of module.children.allTests()) {
    const { state } = test.result()
    counts[state === 'pending' ? 'failed' : state] += 1
  }
  for (const suite of module.children.allSuites()) {
    if (suite.errors().length > 0) counts.failed += 1
  }
  if (module.errors().length > 0) counts.failed += 1
}
