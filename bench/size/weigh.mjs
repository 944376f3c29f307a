import file from '@size-limit/file'
import sizeLimit from 'size-limit'
import { buildEntries } from './build.mjs'
import { entries } from './entries.mjs'

/**
 * Weighs every entry and every lazy chunk with size-limit: minified, brotli.
 *
 * @returns {Promise<(import('./build.mjs').Weighed & { size: number })[]>}
 */
export async function weigh() {
  const weighed = await buildEntries()
  const sizes = await Promise.all(
    weighed.map(async (entry) => {
      const [result] = await sizeLimit([file], entry.path)
      return { ...entry, size: /** @type {{ size: number }} */ (result).size }
    }),
  )
  return sizes.map((entry) => ({ ...entry, size: entry.size - beneath(entry.name, sizes) }))
}

/** What an entry that adds to another one does not add. @param {string} name @param {{ name: string, size: number }[]} sizes */
function beneath(name, sizes) {
  const base = entries.find((entry) => entry.beyond && name === `${entry.name}.first`)?.beyond
  return sizes.find((entry) => entry.name === `${base}.first`)?.size ?? 0
}
