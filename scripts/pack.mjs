import { readdirSync, rmSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { repository, run } from './processes.mjs'
import { pnpm } from './setup.mjs'

const tarballs = join(repository, '.cache', 'tarballs')

/** The packages that are published, without their scope. */
export const published = ['core', 'react', 'vue', 'svelte', 'node', 'server', 'devtools']

/** Packs every package as it would be published. @returns {Promise<boolean>} whether all of them could be */
export async function pack() {
  rmSync(tarballs, { recursive: true, force: true })
  await mkdir(tarballs, { recursive: true })
  const filters = published.map((name) => `--filter=@nanopeer/${name}`)
  return (await pnpm(...filters, 'exec', 'pnpm', 'pack', '--pack-destination', tarballs)) === 0
}

/** The packed packages as npm takes them in `dependencies`. @returns {Record<string, string>} */
export function packedDependencies() {
  return Object.fromEntries(
    published.map((name) => [`@nanopeer/${name}`, `file:${join(tarballs, tarballOf(name))}`]),
  )
}

/** The path of a package's tarball. @param {string} name */
export const tarballPath = (name) => join(tarballs, tarballOf(name))

/** @param {string} name */
function tarballOf(name) {
  const found = readdirSync(tarballs).find((file) => file.startsWith(`nanopeer-${name}-`))
  if (!found) throw new Error(`pnpm packed no tarball of @nanopeer/${name}.`)
  return found
}

/** Installs with npm, from its cache where that has it. @param {string} folder @returns {Promise<boolean>} */
export async function npmInstall(folder) {
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error']
  return (await run('npm', ['install', ...quiet], { cwd: folder })) === 0
}
