/** Bundles and minifies what is weighed, the way an application's bundler does. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { entries, lazyParts } from './entries.mjs'

const bench = fileURLToPath(new URL('..', import.meta.url))
const output = `${bench}dist/size`

/**
 * @typedef {object} Weighed
 * @property {string} name
 * @property {string[]} path the files that are weighed together
 * @property {number} limit bytes
 * @property {number} [target] bytes; absent for lazy chunks
 */

/**
 * Writes the bundles to `dist/size` and says which files belong to which entry. A chunk that only lazy parts load is
 * weighed as that part; every other chunk belongs to its entry, loaded late or not.
 *
 * @returns {Promise<Weighed[]>}
 */
export async function buildEntries() {
  await rm(output, { recursive: true, force: true })
  const weighed = await Promise.all(entries.map(buildEntry))
  return weighed.flat()
}

/** @param {import('./entries.mjs').Entry} entry @returns {Promise<Weighed[]>} */
async function buildEntry({ name, code, target, limit, external }) {
  const folder = `${output}/${name}`
  const { outputFiles, metafile } = await build({
    absWorkingDir: bench,
    stdin: { contents: code, resolveDir: bench, sourcefile: `${name}.js` },
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    outdir: folder,
    external,
    metafile: true,
    write: false,
    logLevel: 'error',
    tsconfigRaw: {},
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  await mkdir(folder, { recursive: true })
  await Promise.all(outputFiles.map(({ path, contents }) => writeFile(path, contents)))

  const outputs = Object.entries(metafile.outputs)
  const entryPoints = outputs.filter(([, { entryPoint }]) => entryPoint !== undefined)
  const lazy = entryPoints.flatMap(([file, { entryPoint = '' }]) => {
    const part = lazyParts.find(({ module }) => module.test(entryPoint))
    return part ? [{ part, file }] : []
  })
  const own = reachable(
    outputs,
    entryPoints.map(([file]) => file).filter((file) => !lazy.some((chunk) => chunk.file === file)),
    new Set(lazy.map(({ file }) => file)),
  )
  const absolute = (/** @type {string} */ file) => `${bench}${file}`
  return [
    { name, path: [...own].map(absolute), target, limit },
    ...lazy.map(({ part, file }) => ({
      name: `${name}, ${part.name} (lazy)`,
      path: [...reachable(outputs, [file], own)].map(absolute),
      limit: part.limit,
    })),
  ]
}

/**
 * The chunks that these need, without those that are excluded.
 *
 * @param {[string, { imports: { path: string, external?: boolean }[] }][]} outputs
 * @param {string[]} from
 * @param {ReadonlySet<string>} without
 */
function reachable(outputs, from, without) {
  const table = new Map(outputs)
  /** @type {Set<string>} */
  const found = new Set()
  const visit = (/** @type {string} */ file) => {
    const chunk = table.get(file)
    if (!chunk || found.has(file) || without.has(file)) return
    found.add(file)
    for (const { path } of chunk.imports) visit(path)
  }
  for (const file of from) visit(file)
  return found
}
