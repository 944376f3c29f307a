import { checkApi } from './api.mjs'
import { check, sum, tool } from './checks.mjs'
import { pack, published, tarballPath } from './pack.mjs'

/**
 * Checks what would be published: the tarballs by publint and attw, the repository by knip, the exports
 * against `docs/api`, and sizes against their limits.
 *
 * @returns {Promise<import('./checks.mjs').Counts>}
 */
export async function checkPublishing() {
  if (!(await pack())) return { passed: 0, failed: 1, skipped: 0 }
  const results = []
  for (const name of published) {
    const tarball = tarballPath(name)
    results.push(await check(tool('publint'), ['run', '--strict', tarball]))
    // The packages are ES modules only: what `require` and the resolution before `exports` would find is no concern.
    results.push(await check(tool('attw'), [tarball, '--profile', 'esm-only', '--quiet']))
  }
  results.push(await check(tool('knip'), ['--no-config-hints']))
  results.push(checkApi())
  results.push(await check('node', ['bench/size/run.mjs']))
  return sum(results)
}
