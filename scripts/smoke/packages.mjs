import { rmSync } from 'node:fs'
import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { check, outcome, sum } from '../checks.mjs'
import { npmInstall, pack, packedDependencies, published } from '../pack.mjs'
import { repository } from '../processes.mjs'

/**
 * Packs every package as it would be published, installs the tarballs with npm in a folder outside the
 * repository, and uses them there in plain Node: vitest's interoperability with CommonJS would hide mistakes.
 *
 * @returns {Promise<import('../checks.mjs').Counts>}
 */
export async function smokeTestPackages() {
  const consumer = await mkdtemp(join(tmpdir(), 'nanopeer-smoke-'))
  try {
    if (!(await pack()) || !(await install(consumer))) return outcome(false, 'installing the packed packages')
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

/** @param {string} consumer the folder to install into */
async function install(consumer) {
  const dependencies = {
    ...packedDependencies(),
    ...(await versions('react', 'vue', 'svelte')),
  }
  const manifest = { name: 'consumer', private: true, type: 'module', dependencies }
  await writeFile(join(consumer, 'package.json'), JSON.stringify(manifest, null, 2))
  await cp(join(repository, 'scripts/smoke/consumer'), consumer, { recursive: true })
  return npmInstall(consumer)
}

/** The versions the packages are tested with. @param {string[]} names each also the folder of its adapter */
async function versions(...names) {
  const pairs = names.map(async (name) => {
    const manifest = await readFile(join(repository, 'packages', name, 'package.json'), 'utf8')
    return [name, JSON.parse(manifest).devDependencies[name]]
  })
  return Object.fromEntries(await Promise.all(pairs))
}
