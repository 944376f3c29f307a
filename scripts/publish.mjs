import { checkApi } from './api.mjs'
import { check, inTwos, outcome, sum, tool } from './checks.mjs'
import { pack, published, tarballPath } from './pack.mjs'

/**
 * Checks what would be published: the tarballs by publint and attw, the repository by knip, the exports
 * against `docs/api`, and sizes against their limits.
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
  return sum([await inTwos(checks), checkApi()])
}
