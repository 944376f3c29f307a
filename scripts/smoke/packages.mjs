import { readdirSync, rmSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { check, sum } from '../checks.mjs'
import { repository, run } from '../processes.mjs'
import { pnpm } from '../setup.mjs'

const tarballs = join(repository, '.cache', 'tarballs')
const published = ['core', 'react', 'vue', 'svelte', 'node']

/**
 * Packs every package as it would be published, installs the tarballs with npm in a folder outside the
 * repository, and uses them there in plain Node: vitest's interoperability with CommonJS would hide mistakes.
 *
 * @returns {Promise<import('../checks.mjs').Counts>}
 */
export async function smokeTestPackages() {
  const consumer = await mkdtemp(join(tmpdir(), 'nanopeer-smoke-'))
  try {
    if (!(await pack()) || !(await install(consumer))) return { passed: 0, failed: 1, skipped: 0 }
    const results = []
    for (const name of published) {
      results.push(await check('node', [join(consumer, 'imports.mjs'), `@nanopeer/${name}`]))
    }
    results.push(await check('node', [join(consumer, 'talk.mjs')]))
    return sum(results)
  } finally {
    rmSync(consumer, { recursive: true, force: true })
  }
}

async function pack() {
  rmSync(tarballs, { recursive: true, force: true })
  await mkdir(tarballs, { recursive: true })
  const filters = published.map((name) => `--filter=@nanopeer/${name}`)
  return (await pnpm(...filters, 'exec', 'pnpm', 'pack', '--pack-destination', tarballs)) === 0
}

/** @param {string} consumer the folder to install into */
async function install(consumer) {
  const packed = Object.fromEntries(
    published.map((name) => [`@nanopeer/${name}`, `file:${join(tarballs, tarballOf(name))}`]),
  )
  const dependencies = {
    ...packed,
    ...(await versions('react', 'vue', 'svelte')),
    peer: await version('peer'),
  }
  const manifest = { name: 'consumer', private: true, type: 'module', dependencies }
  await writeFile(join(consumer, 'package.json'), JSON.stringify(manifest, null, 2))
  await cp(join(repository, 'scripts/smoke/consumer'), consumer, { recursive: true })
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error']
  return (await run('npm', ['install', ...quiet], { cwd: consumer })) === 0
}

/** @param {string} name */
function tarballOf(name) {
  const found = readdirSync(tarballs).find((file) => file.startsWith(`nanopeer-${name}-`))
  if (!found) throw new Error(`pnpm packed no tarball of @nanopeer/${name}.`)
  return found
}

/** The versions the packages are tested with. @param {string[]} names each also the folder of its adapter */
async function versions(...names) {
  const pairs = names.map(async (name) => [name, await version(name, `packages/${name}`)])
  return Object.fromEntries(await Promise.all(pairs))
}

/** @param {string} dependency @param {string} [folder] whose package.json pins it */
async function version(dependency, folder = '.') {
  const { devDependencies } = JSON.parse(await readFile(join(repository, folder, 'package.json'), 'utf8'))
  return devDependencies[dependency]
}
