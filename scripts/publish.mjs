import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkApi } from './api.mjs'
import { check, inTwos, outcome, sum, tool } from './checks.mjs'
import { pack, published, tarballPath } from './pack.mjs'
import { repository } from './processes.mjs'

/**
 * Checks what would be published: the tarballs by publint and attw, the repository by knip, the exports
 * against `docs/api`, sizes against their limits, and which cores an adapter takes.
 *
 * @returns {Promise<import('./checks.mjs').Counts>}
 */
export async function checkPublishing() {
  if (!(await pack())) return outcome(false, 'packing what would be published')
  const checks = published.flatMap((name) => [
    () => check(tool('publint'), ['run', '--strict', tarballPath(name)]),
    // The packages are ES modules only: what `require` and the resolution before `exports` would find is no concern.
    () => check(tool('attw'), [tarballPath(name), '--profile', 'esm-only', '--quiet']),
  ])
  checks.push(
    () => check(tool('knip'), ['--no-config-hints']),
    () => check('node', ['bench/size/run.mjs']),
  )
  return sum([await inTwos(checks), checkApi(), checkRanges()])
}

/** Each package takes the cores from its own version on, which `npm run version` sees to. */
function checkRanges() {
  const wrong = published.filter((name) => {
    const path = join(repository, 'packages', name, 'package.json')
    const { version, peerDependencies = {} } = JSON.parse(readFileSync(path, 'utf8'))
    const range = peerDependencies['@nanopeer/core']
    return range !== undefined && !range.startsWith(`>=${version} `)
  })
  return outcome(
    wrong.length === 0,
    `${wrong.join(', ')}: takes other cores than those from its own version on`,
  )
}
