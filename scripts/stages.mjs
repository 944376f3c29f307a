import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { testApps } from './apps/apps.mjs'
import { check, inTwos, sum, tool, vitest } from './checks.mjs'
import { checkDocs } from './docs.mjs'
import { testEnvironments } from './environments/environments.mjs'
import { runLab } from './lab.mjs'
import { repository } from './processes.mjs'
import { setUp } from './setup.mjs'
import { smokeTestPackages } from './smoke/packages.mjs'

const serverProjects = ['react:ssr', 'react-18:ssr', 'vue:ssr', 'svelte:ssr']
const adapterProjects = ['react:browser', 'react-18:browser', 'vue:browser', 'svelte:browser']

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
  { name: 'unit', title: 'Unit and property', budget: 340, run: testUnits },
  { name: 'ssr', title: 'Server rendering', budget: 20, run: () => vitest(['*:ssr'], serverProjects) },
  { name: 'browser', title: 'Browser', budget: 270, run: testInBrowsers },
  { name: 'packages', title: 'Packages', budget: 60, run: smokeTestPackages },
  { name: 'publish', title: 'Ready to publish', budget: 45, run: checkPublishing },
  { name: 'e2e', title: 'End to end', budget: 200, run: testEndToEnd },
  { name: 'webrtc', title: 'Over WebRTC', budget: 200, onRequest: true, run: testOverWebRtc },
  { name: 'firefox', title: 'Firefox', budget: 210, onRequest: true, run: testInFirefox },
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
  return inTwos([
    () => check(tool('biome'), ['ci', '--error-on-warnings', '--diagnostic-level=warn', '.']),
    () => check('node', ['scripts/layers.mjs']),
  ])
}

/**
 * Those of the Node device mostly wait for the network, beside the others, which compute: two files at a time, where
 * vitest by itself would leave one of two cores to its own process, which has little to do.
 */
async function testUnits() {
  const node = ['node:unit']
  const tested = ['core:unit', 'server:unit', 'devtools:unit', 'example-files:unit']
  const others = vitest([...tested, 'react:unit', 'vue:unit', 'svelte:unit'], tested, ['--maxWorkers=2'])
  return sum(await Promise.all([vitest(node, node), others]))
}

/** The adapters beside the others: most of their time is waiting, and two cores carry two browsers. */
async function testInBrowsers() {
  const others = ['core:browser', 'devtools:browser']
  return sum(await Promise.all([vitest(adapterProjects, adapterProjects), vitest(others, others)]))
}

/** What has passed on the network in memory, or in one framework, once more over WebRTC. */
async function testOverWebRtc() {
  const [core, adapters] = [['core:webrtc'], ['vue:webrtc', 'svelte:webrtc']]
  return sum(await Promise.all([vitest(core, core), vitest(adapters, adapters)]))
}

/**
 * Three side by side: they wait for deadlines, and for browsers and servers to start. By name: a pattern that leaves one out
 * (`!site:e2e`) takes every other project in, whatever kind it is.
 */
async function testEndToEnd() {
  const groups = [['core:e2e', 'devtools:e2e'], ['node:e2e'], ['server:e2e']]
  return sum(await Promise.all(groups.map((projects) => vitest(projects, projects))))
}

/** What Chromium has passed once more in Firefox, beside what only the two have together. */
async function testInFirefox() {
  const [node, core] = [['node:firefox'], ['core:firefox']]
  return sum(await Promise.all([vitest(node, node), vitest(core, core)]))
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
