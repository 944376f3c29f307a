/**
 * `npm run bench -- codec`: the codec against MessagePack's library and JSON, and what one message at the limits costs.
 *
 *   npm run bench -- codec              in Node
 *   npm run bench -- codec --chromium   in Chromium
 *   npm run bench -- codec --floods     only messages at the limits, each in a process or page of its own
 *   npm run bench -- codec --only text  only values whose names contain this
 */
import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** @typedef {import('./measure').CodecRow} CodecRow */
/** @typedef {import('./measure').FloodRow} FloodRow */

const folder = fileURLToPath(new URL('..', import.meta.url))
const bundle = `${folder}dist/codec.js`

/** @param {string[]} given */
export async function benchCodec(given) {
  await build({
    absWorkingDir: folder,
    entryPoints: ['codec/measure.ts'],
    outfile: bundle,
    bundle: true,
    format: 'iife',
    target: 'es2022',
    logLevel: 'warning',
    tsconfigRaw: {},
  })
  const engine = given.includes('--chromium') ? await inChromium() : inNode()
  const only = given.includes('--only') ? (given[given.indexOf('--only') + 1] ?? '') : ''
  try {
    if (!given.includes('--floods')) {
      printRows(/** @type {CodecRow[]} */ (await engine.run(`measureCodec(${JSON.stringify(only)})`)))
      if (only) return
    }
    const names = /** @type {string[]} */ (await engine.run('floodNames'))
    /** @type {FloodRow[]} */
    const rows = []
    for (const name of names) {
      // The quickest of three: what a machine does besides only adds to it.
      const runs = /** @type {FloodRow[]} */ ([])
      while (runs.length < 3) {
        runs.push(/** @type {FloodRow} */ (await engine.run(`measureFlood(${JSON.stringify(name)})`)))
      }
      runs.sort((a, b) => a.milliseconds - b.milliseconds)
      rows.push(/** @type {FloodRow} */ (runs[0]))
    }
    printFloods(rows)
  } finally {
    await engine.close()
  }
}

/** Each expression in a process of its own. */
function inNode() {
  return {
    /** @param {string} expression @returns {Promise<unknown>} */
    run: async (expression) => {
      const script = `require(${JSON.stringify(bundle)});console.log(JSON.stringify(codecBench.${expression}))`
      const output = execFileSync(process.execPath, ['--input-type=commonjs', '-e', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      return JSON.parse(String(output))
    },
    close: async () => {},
  }
}

/** Each expression in a page of its own. */
async function inChromium() {
  const { chromium } = await import('playwright-core')
  const { chromiumArguments, findChromium } = await import('../../scripts/chromium.mjs')
  const browser = await chromium.launch({ executablePath: await findChromium(), args: chromiumArguments })
  const content = await readFile(bundle, 'utf8')
  return {
    /** @param {string} expression @returns {Promise<unknown>} */
    run: async (expression) => {
      const context = await browser.newContext()
      const page = await context.newPage()
      await page.addScriptTag({ content })
      const value = await page.evaluate(`codecBench.${expression}`)
      await context.close()
      return value
    },
    close: () => browser.close(),
  }
}

/** @param {number | null | undefined} value */
const short = (value) => (value == null ? '–' : value < 10 ? value.toFixed(2) : value.toFixed(0))

/** @param {CodecRow[]} rows */
function printRows(rows) {
  console.log('µs for one value: nanopeer, @msgpack/msgpack without checks, JSON')
  console.log(`${'value'.padEnd(34)}${'bytes'.padStart(8)}${'encode'.padStart(28)}${'decode'.padStart(28)}`)
  for (const { name, bytes, encode, decode } of rows) {
    const cells = [encode, decode].map((times) => times.map((time) => short(time).padStart(9)).join(''))
    console.log(`${name.padEnd(34)}${String(bytes).padStart(8)} ${cells.join(' ')}`)
  }
}

/** @param {FloodRow[]} rows */
function printFloods(rows) {
  console.log('\nOne message with as many entries as may be, decoded once by an engine that is cold')
  for (const { name, bytes, milliseconds, weight } of rows) {
    const cells = [
      `${milliseconds.toFixed(0)} ms`,
      `${(weight / 2 ** 20).toFixed(1)} MiB weighed`,
      `${bytes} bytes`,
    ]
    console.log(`${name.padEnd(52)}${cells.map((cell) => cell.padStart(20)).join('')}`)
  }
}
