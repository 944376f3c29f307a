/** The table in docs/performance.md, which always says what `results.json` has. */
import { meanings } from './meanings.mjs'

const begin = '<!-- The bench writes from here -->'
const end = '<!-- to here. -->'

/**
 * @typedef {number | Readonly<Record<string, number>>} Values
 * @typedef {string | Readonly<Record<string, string>> | null} Words
 * @typedef {{ date: string, value: Values, unit: Words, target: Words, verdict: Words }} Entry an entry of `results.json`
 */

/**
 * The page with the figures of these results in its table.
 *
 * @param {string} page
 * @param {Readonly<Record<string, unknown>>} results what `results.json` holds
 * @throws Error where the page has no place for a table
 */
export const withFigures = (page, results) => withTable(page, tableOf(results))

/**
 * The page with this text where the bench writes.
 *
 * @param {string} page
 * @param {string} text
 * @throws Error where the page has no place for it
 */
export function withTable(page, text) {
  const [before, rest] = page.split(begin)
  const after = rest?.split(end)[1]
  if (before === undefined || after === undefined) throw new Error(`The page needs ${begin} and ${end}.`)
  return [before, begin, '\n\n', text, '\n\n', end, after].join('')
}

/** @param {Readonly<Record<string, unknown>>} results */
function tableOf(results) {
  const rows = Object.entries(meanings).flatMap(([key, meaning]) => {
    const entry = /** @type {Entry | undefined} */ (results[key])
    return entry ? rowsOf(key, meaning, entry) : []
  })
  return [
    '| figure | measured | target | | on | what it means |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n')
}

/** @param {string} key @param {string} meaning @param {Entry} entry */
function rowsOf(key, meaning, { date, value, unit, target, verdict }) {
  const day = date.slice(0, 10)
  if (typeof value === 'number') {
    return [row(`\`${key}\``, `${value} ${unit}`, target, verdict, day, meaning)]
  }
  return Object.entries(value).map(([name, one], index) =>
    row(
      `\`${key}\`, ${name}`,
      `${one} ${pick(unit, name)}`,
      pick(target, name),
      pick(verdict, name),
      index === 0 ? day : '',
      index === 0 ? meaning : '',
    ),
  )
}

/** @param {Words} words @param {string} name */
const pick = (words, name) => (typeof words === 'object' ? (words?.[name] ?? '') : words)

/** @param {(Words | undefined)[]} cells */
const row = (...cells) => `| ${cells.map((cell) => cell ?? '').join(' | ')} |`.replace(/ {2,}\|/g, ' |')
