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
 * @property {number} [target] bytes; absent for lazy parts
 */

/**
 * Writes the bundles to `dist/size` and says which files belong to which entry, in two figures: `first`, what a page
 * loads before it paints, and `all`, with what follows when a peer opens. A chunk that only lazy parts load is weighed
 * as that part, and is in neither.
 *
 * @returns {Promise<Weighed[]>}
 */
export async function buildEntries() {
  await rm(output, { recursive: true, force: true })
  const weighed = await Promise.all(entries.map(buildEntry))
  return weighed.flat()
}

/** @param {import('./entries.mjs').Entry} entry @returns {Promise<Weighed[]>} */
async function buildEntry({ name, code, first, all, external }) {
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
  const start = entryPoints.filter(([, { entryPoint }]) => entryPoint === `${name}.js`).map(([file]) => file)
  const without = new Set(lazy.map(({ file }) => file))
  const page = reachable(outputs, start, { without, late: false })
  const whole = reachable(outputs, start, { without, late: true })
  const absolute = (/** @type {string} */ file) => `${bench}${file}`
  return [
    { name: `${name}.first`, path: [...page].map(absolute), ...first },
    ...(all ? [{ name: `${name}.all`, path: [...whole].map(absolute), ...all }] : []),
    ...lazy.map(({ part, file }) => ({
      name: `${name}, ${part.name} (lazy)`,
      path: [...reachable(outputs, [file], { without: whole, late: false })].map(absolute),
      limit: part.limit,
    })),
  ]
}

/**
 * The chunks that these need.
 *
 * @param {[string, { imports: { path: string, kind: string, external?: boolean }[] }][]} outputs
 * @param {string[]} from
 * @param {{ without: ReadonlySet<string>, late: boolean }} options `late`: also what is imported later, by `import()`
 */
function reachable(outputs, from, { without, late }) {
  const table = new Map(outputs)
  /** @type {Set<string>} */
  const found = new Set()
  const visit = (/** @type {string} */ file) => {
    const chunk = table.get(file)
    if (!chunk || found.has(file) || without.has(file)) return
    found.add(file)
    for (const { path, kind } of chunk.imports) if (late || kind !== 'dynamic-import') visit(path)
  }
  for (const file of from) visit(file)
  return found
}
