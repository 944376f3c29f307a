/** Compares the sizes that README.md names with those that were weighed. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const readme = fileURLToPath(new URL('../../README.md', import.meta.url))

/**
 * Says what is wrong with the README's figures, and what to write instead: a row of a table for each package that has
 * one, rounded to as many digits as it shows there.
 *
 * @param {{ name: string, size: number, limit: number, target?: number }[]} weighed without lazy parts
 * @returns {Promise<string[]>} nothing when every figure is right
 */
export async function findWrongFigures(weighed) {
  const text = await readFile(readme, 'utf8')
  return weighed.flatMap(({ name, size, limit }) => {
    const [, figure = '', decimals = ''] =
      new RegExp(`^\\| \`@nanopeer/${name}\`.*\\| (\\d+(?:\\.(\\d+))?) KB \\|$`, 'm').exec(text) ?? []
    const right = (size / 1000).toFixed(figure === '' ? 1 : decimals.length)
    if (figure === '')
      return [`README.md has no row for @nanopeer/${name}: write | \`@nanopeer/${name}\` | … | ${right} KB |`]
    if (figure !== right) return [`README.md says ${figure} KB for @nanopeer/${name}: write ${right} KB.`]
    if (Number(figure) * 1000 > limit)
      return [
        `README.md says ${figure} KB for @nanopeer/${name}, more than its limit of ${limit / 1000} KB: make it smaller.`,
      ]
    return []
  })
}
