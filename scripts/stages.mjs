import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { check, sum, vitest } from './checks.mjs'
import { repository } from './processes.mjs'
import { setUp } from './setup.mjs'
import { smokeTestPackages } from './smoke/packages.mjs'

/**
 * @typedef {object} Stage
 * @property {string} name what `npm test -- <name>` runs
 * @property {string} title
 * @property {number} budget seconds on two cores; only printed
 * @property {() => Promise<import('./checks.mjs').Counts>} run
 */

/**
 * Everything that `npm test` does after the set-up, in order.
 *
 * @type {Stage[]}
 */
export const stages = [
  {
    name: 'lint',
    title: 'Lint',
    budget: 15,
    run: () => check('npx', ['--no-install', 'biome', 'ci', '--error-on-warnings', '.']),
  },
  { name: 'types', title: 'Types', budget: 75, run: checkTypes },
  {
    name: 'unit',
    title: 'Unit and property',
    budget: 110,
    run: () => vitest(['core:unit', 'node:unit', 'example-files:unit']),
  },
  {
    name: 'ssr',
    title: 'Server rendering',
    budget: 10,
    run: () => vitest(['react:ssr', 'react-18:ssr', 'vue:ssr', 'svelte:ssr']),
  },
  {
    name: 'browser',
    title: 'Browser',
    budget: 150,
    run: () => vitest(['core:browser', 'react:browser', 'react-18:browser', 'vue:browser', 'svelte:browser']),
  },
  { name: 'packages', title: 'Packages', budget: 60, run: smokeTestPackages },
  { name: 'e2e', title: 'End to end', budget: 60, run: () => vitest(['example-files:e2e']) },
]

/** What comes before the stages: without it nothing else can run. */
export const setUpStage = { name: 'setup', title: 'Set-up and build', budget: 120, run: () => setUp() }

/** The types of the scripts, of every package that has a `types` script, and the type tests. */
async function checkTypes() {
  const results = [await check('npx', ['--no-install', 'tsc', '-p', 'scripts'])]
  for (const name of packagesWithTypes())
    results.push(await check('npm', ['run', '-s', 'types', '--prefix', name]))
  results.push(await vitest(['types']))
  return sum(results)
}

function packagesWithTypes() {
  return ['packages', 'examples']
    .flatMap((folder) => readdirSync(join(repository, folder)).map((name) => join(folder, name)))
    .filter((folder) => scriptsOf(folder)?.types)
}

/** @param {string} folder @returns {Record<string, string> | undefined} */
function scriptsOf(folder) {
  try {
    return JSON.parse(readFileSync(join(repository, folder, 'package.json'), 'utf8')).scripts
  } catch (error) {
    // A folder without a package.json is no package.
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return undefined
    throw error
  }
}
