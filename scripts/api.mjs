/** `npm run api`: writes what the built packages export to `docs/api`; the stage `publish` compares it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describePackages } from './api/report.mjs'
import { published } from './pack.mjs'
import { repository } from './processes.mjs'

const folder = join(repository, 'docs', 'api')
const pathOf = (/** @type {string} */ name) => join(folder, `${name}.md`)

/**
 * Compares what the built packages export with what `docs/api` says, a package at a time.
 *
 * @returns {import('./checks.mjs').Counts}
 */
export function checkApi() {
  const failures = []
  for (const [name, now] of describePackages(published)) {
    const difference = compare(read(pathOf(name)), now)
    if (difference.length === 0) continue
    const what = `What @nanopeer/${name} exports is not what docs/api/${name}.md says:`
    const advice = 'If that is meant: `npm run api` writes it down; commit it with a changeset.'
    failures.push([what, ...difference, advice].join('\n'))
  }
  return { passed: published.length - failures.length, failures, skipped: 0 }
}

/** The lines that are in one text only, marked as a diff marks them. @param {string} before @param {string} after */
function compare(before, after) {
  if (before === after) return []
  const [old, now] = [before.split('\n'), after.split('\n')]
  const gone = old.filter((line) => !now.includes(line)).map((line) => `- ${line}`)
  const added = now.filter((line) => !old.includes(line)).map((line) => `+ ${line}`)
  return gone.length + added.length > 0 ? [...gone, ...added] : ['  the same lines in another order']
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return ''
    throw error
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(folder, { recursive: true })
  for (const [name, report] of describePackages(published)) writeFileSync(pathOf(name), report)
}
