/**
 * `npm run version`: turns the changesets into versions. An adapter imports what the core of its own release exports, and one that
 * is installed beside an older core would not build: npm is to refuse that.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tool } from './checks.mjs'
import { published } from './pack.mjs'
import { repository, run } from './processes.mjs'

process.exitCode = await run(tool('changeset'), ['version'])
if (process.exitCode === 0) for (const name of published) await moveRange(name)

/** Lets a package's range of cores begin with its own version. @param {string} name */
async function moveRange(name) {
  const path = join(repository, 'packages', name, 'package.json')
  const text = await readFile(path, 'utf8')
  const { version } = JSON.parse(text)
  await writeFile(path, text.replace(/("@nanopeer\/core": ">=)[^ "]+/, `$1${version}`))
}
