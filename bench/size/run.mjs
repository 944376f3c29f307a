/** `npm run size`: weighs the built packages; fails where one is over its limit, or is not what README.md says. */
import { findWrongFigures } from './readme.mjs'
import { weigh } from './weigh.mjs'

const weighed = await weigh()
const inKilobytes = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(2)} KB`
for (const { name, size, limit, target = limit } of weighed) {
  const verdict = size > limit ? 'over its limit' : size > target ? 'over its target' : 'fine'
  console.log(`${name.padEnd(28)}${inKilobytes(size).padStart(9)} of ${inKilobytes(limit)}  ${verdict}`)
}
const wrong = await findWrongFigures(weighed)
for (const sentence of wrong) console.error(sentence)
process.exitCode = wrong.length > 0 || weighed.some(({ size, limit }) => size > limit) ? 1 : 0
