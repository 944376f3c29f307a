/**
 * Runs where the packages are installed from their tarballs: `node imports.mjs <package>`. Imports each of its
 * entries in plain Node and fails where a promised name is missing, the import touched a global, or a file that
 * the package must ship is not there. That it also opened nothing shows by the process ending.
 */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expectedExports } from './exports.mjs'

const name = process.argv[2] ?? ''
const folder = join(dirname(fileURLToPath(import.meta.url)), 'node_modules', name)
const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
// A framework may have globals of its own (Vue's development build has); only ours are forbidden.
const frameworks = Object.keys(manifest.peerDependencies ?? {}).filter((each) => each !== '@nanopeer/core')
for (const framework of frameworks) await import(framework)
// nanostores shares its clock and its queue between copies of itself through this one.
const known = [...Object.getOwnPropertyNames(globalThis), 'nanostoresGlobal']

for (const [specifier, promised] of Object.entries(expectedExports[name] ?? {})) {
  const exported = Object.keys(await import(specifier))
  const missing = promised.filter((each) => !exported.includes(each))
  assert.deepEqual(missing, [], `${specifier} does not export ${missing.join(', ')}`)
  console.log(`${specifier} exports ${exported.join(', ')}`)
}

const added = Object.getOwnPropertyNames(globalThis).filter((each) => !known.includes(each))
assert.deepEqual(added, [], `importing ${name} added globals: ${added.join(', ')}`)
for (const [entry, { types }] of Object.entries(manifest.exports)) {
  assert.ok(existsSync(join(folder, types)), `${name} ships no types for ${entry}: ${types}`)
}
for (const file of ['README.md', 'LICENSE']) {
  assert.ok(existsSync(join(folder, file)), `${name} ships no ${file}`)
}
