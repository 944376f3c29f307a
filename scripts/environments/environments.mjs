/** `npm test -- environments`: the packed packages in what they are said to run in, and Node's own tests on each Node. */
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { check, outcome, sum, vitest } from '../checks.mjs'
import { readBlocks } from '../docs/blocks.mjs'
import { npmInstall, pack, packedDependencies } from '../pack.mjs'
import { repository } from '../processes.mjs'
import { layLibrary, layOldCore } from './copies.mjs'

/** What runs a script: the first words of its command, in the consumer's folder. */
const runtimes = {
  'Node 20': ['node_modules/node-20/bin/node'],
  'Node 22': ['node_modules/node-22/bin/node'],
  'Node 24': ['node_modules/node-24/bin/node'],
  Bun: ['node_modules/.bin/bun'],
  Deno: ['node_modules/.bin/deno', 'run', '-A'],
}

const scripts = ['talk.mjs', 'leave.mjs', 'worker.mjs', 'required.mjs']

const compilers = ['typescript-5.7', 'typescript-5.9', 'typescript-6']

/** Node versions whose own tests are run; those of the one that runs this are in `npm test`. */
const nodes = ['node-20', 'node-22', 'node-24']

/**
 * Installs the packed packages with npm in a folder outside the repository, together with everything that they are tried
 * in, and tries it.
 *
 * @returns {Promise<import('../checks.mjs').Counts>}
 */
export async function testEnvironments() {
  const consumer = await mkdtemp(join(tmpdir(), 'nanopeer-environments-'))
  try {
    if (!(await pack()) || !(await install(consumer))) return outcome(false, 'installing the packed packages')
    return sum([
      ...(await tryRuntimes(consumer)),
      ...(await tryCompilers(consumer)),
      ...(await tryTestRunners(consumer)),
      ...(await tryBundlers(consumer)),
      ...(await tryCopies(consumer)),
      ...(await testNodes(consumer)),
    ])
  } finally {
    rmSync(consumer, { recursive: true, force: true })
  }
}

/** @param {string} consumer the folder to install into */
async function install(consumer) {
  await cp(join(repository, 'scripts/environments/consumer'), consumer, { recursive: true })
  await cp(join(repository, 'scripts/smoke/consumer/talk.mjs'), join(consumer, 'talk.mjs'))
  await writeFile(join(consumer, 'jest-environment.js'), documentedEnvironment())
  const path = join(consumer, 'package.json')
  const manifest = JSON.parse(await readFile(path, 'utf8'))
  Object.assign(manifest.dependencies, packedDependencies(), await layLibrary(consumer))
  await writeFile(path, JSON.stringify(manifest, null, 2))
  return npmInstall(consumer)
}

/** What the document tells users of Jest to write. */
function documentedEnvironment() {
  const blocks = readBlocks('docs/environments.md')
  const block = blocks.find(({ lines }) => lines[0]?.startsWith('// jest-environment.js'))
  if (!block) throw new Error('docs/environments.md shows no jest-environment.js.')
  return block.lines.join('\n')
}

/** @param {string} consumer */
async function tryRuntimes(consumer) {
  const results = []
  for (const [name, [command = '', ...args]] of Object.entries(runtimes)) {
    for (const script of scripts) {
      console.log(`\n${name}, ${script}:`)
      results.push(await check(join(consumer, command), [...args, join(consumer, script)]))
    }
  }
  return results
}

/** @param {string} consumer */
async function tryCompilers(consumer) {
  const results = []
  for (const compiler of compilers) {
    const tsc = join(consumer, 'node_modules', compiler, 'bin', 'tsc')
    results.push(await check('node', [tsc, '-p', join(consumer, 'types')]))
  }
  return results
}

/** @param {string} consumer */
async function tryTestRunners(consumer) {
  const bin = join(consumer, 'node_modules', '.bin')
  const results = []
  for (const environment of ['jsdom', 'happy-dom']) {
    const options = ['--root', consumer, '--globals', '--environment', environment]
    results.push(await check(join(bin, 'vitest'), ['run', ...options]))
  }
  const jest = join(consumer, 'node_modules', 'jest', 'bin', 'jest.js')
  results.push(await check('node', ['--experimental-vm-modules', jest], { cwd: consumer }))
  return results
}

/** @param {string} consumer */
async function tryBundlers(consumer) {
  const built = (/** @type {string} */ name) => join(consumer, 'built', name)
  const bin = join(consumer, 'node_modules', '.bin')
  const openPage = join(repository, 'scripts/environments/open-page.mjs')
  const parcel = [
    'build',
    'page/index.html',
    '--dist-dir',
    'built/parcel',
    '--public-url',
    './',
    '--no-cache',
  ]
  return [
    await check(join(bin, 'parcel'), parcel, { cwd: consumer }),
    await check('node', [openPage, built('parcel')]),
    await check(join(bin, 'rspack'), ['build'], { cwd: consumer }),
    await check('node', [openPage, built('rspack')]),
  ]
}

/** @param {string} consumer with a library that has a core of its own */
async function tryCopies(consumer) {
  const openCopies = join(repository, 'scripts/environments/open-copies.mjs')
  const output = join(consumer, 'built', 'vite-copies')
  const vite = ['build', 'copies', '--outDir', output, '--base', './', '--logLevel', 'error']
  // Aloud, also where npm itself was called with --silent, which those whom it runs inherit.
  const install = ['install', '--dry-run', '--no-audit', '--no-fund', '--loglevel=error']
  const { stderr } = spawnSync('npm', install, { cwd: await layOldCore(consumer), encoding: 'utf8' })
  const isRefused = stderr.includes('ERESOLVE')
  return [
    await check(join(consumer, 'node_modules', '.bin', 'vite'), vite, { cwd: consumer }),
    await check('node', [openCopies, output]),
    await check('node', [openCopies, join(consumer, 'built', 'rspack-copies')]),
    outcome(isRefused, `npm refuses an adapter of the next release beside this core: ${stderr}`),
  ]
}

/** Those versions of Node run vitest instead of ours, and so everything that it starts. @param {string} consumer */
async function testNodes(consumer) {
  const path = process.env.PATH ?? ''
  const results = []
  for (const node of nodes) {
    const folder = join(consumer, 'node_modules', node)
    if (versionOf(folder) === process.versions.node) continue
    console.log(`\nThe Node package's tests on Node ${versionOf(folder)}:`)
    process.env.PATH = `${join(folder, 'bin')}${delimiter}${path}`
    results.push(await vitest(['node:unit'], ['node:unit']))
  }
  process.env.PATH = path
  return results
}

/** @param {string} folder @returns {string} */
const versionOf = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version
