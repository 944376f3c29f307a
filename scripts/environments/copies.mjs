/** Two copies of core in one app, as npm installs them for an app and a library whose releases differ. */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withCoresFrom } from '../core-range.mjs'
import { packedDependencies } from '../pack.mjs'
import { repository, run } from '../processes.mjs'

/**
 * Gives the consumer a library that has the next release of core and of adapters among its own dependencies.
 *
 * @param {string} consumer its folder, with a `library`
 * @returns {Promise<Record<string, string>>} what the consumer depends on
 */
export async function layLibrary(consumer) {
  const dependencies = Object.fromEntries(
    await Promise.all(['core', 'react', 'vue'].map((name) => layNextRelease(name, consumer))),
  )
  const folder = join(consumer, 'library')
  const library = { name: 'library', version: '1.0.0', type: 'module', exports: './index.js', dependencies }
  return { library: await packFolder(folder, library, consumer) }
}

/** What `npm run version` would make of a package. @param {string} name @param {string} consumer */
async function layNextRelease(name, consumer) {
  const source = join(repository, 'packages', name)
  const folder = join(consumer, 'next', name)
  await cp(join(source, 'dist'), join(folder, 'dist'), { recursive: true })
  const text = await readFile(join(source, 'package.json'), 'utf8')
  const version = nextVersion(JSON.parse(text).version)
  const { devDependencies, ...manifest } = JSON.parse(withCoresFrom(text, version))
  return [`@nanopeer/${name}`, await packFolder(folder, { ...manifest, version }, consumer)]
}

/** @param {string} version */
function nextVersion(version) {
  const [major, minor] = version.split('.').map(Number)
  return `${major}.${Number(minor) + 1}.0`
}

/**
 * As a registry would have it: npm takes folders for whichever version is there already.
 *
 * @param {string} folder
 * @param {{ name: string, version: string }} manifest
 * @param {string} consumer where the tarball goes
 * @returns {Promise<string>} what depends on it
 */
async function packFolder(folder, manifest, consumer) {
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest, null, 2))
  await run('npm', ['pack', folder, '--pack-destination', consumer, '--silent'])
  const file = `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`
  return `file:${join(consumer, file)}`
}

/**
 * An app with this release's core and the next one's adapter, which npm must refuse to install.
 *
 * @param {string} consumer its folder, with a library
 * @returns {Promise<string>} the app's folder
 */
export async function layOldCore(consumer) {
  const folder = join(consumer, 'old-core')
  await mkdir(folder, { recursive: true })
  const library = JSON.parse(await readFile(join(consumer, 'library', 'package.json'), 'utf8'))
  const { '@nanopeer/vue': adapter } = library.dependencies
  const { '@nanopeer/core': core } = packedDependencies()
  const dependencies = { '@nanopeer/core': core, '@nanopeer/vue': adapter, vue: '^3.5' }
  const manifest = { name: 'old-core', private: true, dependencies }
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest, null, 2))
  return folder
}
