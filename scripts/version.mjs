/** `npm run version`: turns the changesets into versions, and lets each package take the cores from its own version on. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tool } from './checks.mjs'
import { withCoresFrom } from './core-range.mjs'
import { published } from './pack.mjs'
import { repository, run } from './processes.mjs'

process.exitCode = await run(tool('changeset'), ['version'])
if (process.exitCode === 0) {
  for (const name of published) {
    const path = join(repository, 'packages', name, 'package.json')
    const manifest = await readFile(path, 'utf8')
    await writeFile(path, withCoresFrom(manifest, JSON.parse(manifest).version))
  }
}
