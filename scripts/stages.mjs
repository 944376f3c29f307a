import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { testApps } from './apps/apps.mjs'
import { check, sum, tool, vitest } from './checks.mjs'
import { checkDocs } from './docs.mjs'
import { testEnvironments } from './environments/environments.mjs'
import { runLab } from './lab.mjs'
import { repository } from './processes.mjs'
import { setUp } from './setup.mjs'
import { smokeTestPackages } from './smoke/packages.mjs'

const serverProjects = ['react:ssr', 'react-18:ssr', 'vue:ssr', 'svelte:ssr']
const adapterProjects = [
  'react:browser',
  'react-18:browser',
  'vue:browser',
  'svelte:browser',
  'devtools:browser',
]

/**
 * @typedef {object} Stage
 * @property {string} name what `npm test -- <name>` runs
 * @property {string} title
 * @property {number} budget seconds on two cores; printed, and at four times that the stage is ended
 * @property {boolean} [onRequest] runs only where it is named; its time is not part of `npm test`'s
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
    budget: 20,
    run: lint,
  },
  { name: 'types', title: 'Types', budget: 75, run: checkTypes },
  { name: 'docs', title: 'Documents', budget: 150, run: checkDocs },
  { name: 'unit', title: 'Unit and property', budget: 170, run: testUnits },
  { name: 'ssr', title: 'Server rendering', budget: 10, run: () => vitest(['*:ssr'], serverProjects) },
  { name: 'browser', title: 'Browser', budget: 170, run: testInBrowsers },
  { name: 'packages', title: 'Packages', budget: 60, run: smokeTestPackages },
  { name: 'publish', title: 'Ready to publish', budget: 45, run: checkPublishing },
  { name: 'e2e', title: 'End to end', budget: 200, run: testEndToEnd },
  {
    name: 'demo',
    title: 'Demo',
    budget: 240,
    onRequest: true,
    run: () => vitest(['example-files:e2e'], ['example-files:e2e']),
  },
  { name: 'apps', title: 'Apps', budget: 420, onRequest: true, run: testApps },
  {
    name: 'site',
    title: 'Site',
    budget: 240,
    onRequest: true,
    run: () => vitest(['site:e2e'], ['site:e2e']),
  },
  { name: 'environments', title: 'Environments', budget: 600, onRequest: true, run: testEnvironments },
  { name: 'lab', title: 'Lab', budget: 360, onRequest: true, run: () => runLab() },
]

/** What comes before the stages: without it nothing else can run. */
export const setUpStage = { name: 'setup', title: 'Set-up and build', budget: 120, run: () => setUp() }

/** How the code is written, and who imports whom. */
async function lint() {
  return sum([
    await check(tool('biome'), ['ci', '--error-on-warnings', '.']),
    await check('node', ['scripts/layers.mjs']),
  ])
}

/** Those of the Node device mostly wait for the network, the others compute: side by side they take half the time. */
async function testUnits() {
  const node = ['node:unit']
  const tested = ['core:unit', 'server:unit', 'devtools:unit', 'example-files:unit']
  const others = vitest([...tested, 'react:unit', 'vue:unit', 'svelte:unit'], tested)
  return sum(await Promise.all([vitest(node, node), others]))
}

/** Core and the adapters side by side: most of their time is waiting, and two cores carry two browsers. */
async function testInBrowsers() {
  const core = ['core:browser']
  return sum(await Promise.all([vitest(core, core), vitest(adapterProjects, adapterProjects)]))
}

/** By name: a pattern that leaves one out (`!site:e2e`) takes every other project in, whatever kind it is. */
function testEndToEnd() {
  const projects = ['core:e2e', 'node:e2e', 'server:e2e', 'devtools:e2e']
  return vitest(projects, projects)
}

/** Loaded late: it imports what only the set-up installs. */
async function checkPublishing() {
  const publish = await import('./publish.mjs')
  return publish.checkPublishing()
}

/** The types of the scripts, of every package that has a `types` script, and the type tests. */
async function checkTypes() {
  const scripts = () => check(tool('tsc'), ['-p', 'scripts'])
  const ofPackages = packagesWithTypes().map(
    (folder) => () => check('npm', ['run', '-s', 'types', '--prefix', folder]),
  )
  const tests = () => vitest(['types'], ['types'])
  return inTwos([tests, scripts, ...ofPackages])
}

/** One check for each of two cores, the next as soon as one has ended. @param {(() => Promise<import('./checks.mjs').Counts>)[]} checks */
async function inTwos(checks) {
  const left = checks.values()
  /** @type {import('./checks.mjs').Counts[]} */
  const results = []
  const work = async () => {
    for (const run of left) results.push(await run())
  }
  await Promise.all([work(), work()])
  return sum(results)
}

function packagesWithTypes() {
  const inside = (/** @type {string} */ folder) =>
    readdirSync(join(repository, folder)).map((name) => join(folder, name))
  return [...inside('packages'), ...inside('examples'), 'bench', 'lab', 'site'].filter(
    (folder) => scriptsOf(folder)?.types,
  )
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
