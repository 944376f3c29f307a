/** Compares the sizes that README.md names with those that were weighed. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { entries } from './entries.mjs'

const readme = fileURLToPath(new URL('../../README.md', import.meta.url))

/**
 * Says what is wrong with the README's figures, and what to write instead. Each entry has a row there, which ends with two
 * cells: what loads with the page, and what has loaded when a peer is open, empty where that is not weighed.
 *
 * @param {{ name: string, size: number }[]} weighed
 * @returns {Promise<string[]>} nothing when every figure is right
 */
export async function findWrongFigures(weighed) {
  const lines = (await readFile(readme, 'utf8')).split('\n')
  const sizeOf = (/** @type {string} */ name) => {
    const size = weighed.find((one) => one.name === name)?.size
    return size === undefined ? '' : `${(size / 1000).toFixed(1)} KB`
  }
  return entries.flatMap(({ name, row }) => {
    const cells = lines.find((line) => line.startsWith(`| ${row} |`))?.split('|') ?? []
    const [first, all] = cells.slice(-3, -1).map((cell) => cell.trim())
    const right = [sizeOf(`${name}.first`), sizeOf(`${name}.all`)]
    if (first === right[0] && all === right[1]) return []
    return [`README.md should say | ${row} | … | ${right.join(' | ')} |`]
  })
}
