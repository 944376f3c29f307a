import file from '@size-limit/file'
import sizeLimit from 'size-limit'
import { buildEntries } from './build.mjs'

/**
 * Weighs every entry and every lazy chunk with size-limit: minified, brotli.
 *
 * @returns {Promise<(import('./build.mjs').Weighed & { size: number })[]>}
 */
export async function weigh() {
  const weighed = await buildEntries()
  return Promise.all(
    weighed.map(async (entry) => {
      const [result] = await sizeLimit([file], entry.path)
      return { ...entry, size: /** @type {{ size: number }} */ (result).size }
    }),
  )
}
