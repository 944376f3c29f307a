/** Groups of bars as one SVG, readable on light and on dark. */
import { plain } from './plain.mjs'

/**
 * @typedef {{ name: string, value: number, isOurs: boolean }} Bar
 * @typedef {{ title: string, bars: readonly Bar[] }} Group its longest bar has the whole width
 */

const width = 760
const labels = 210
const values = 80
const rowHeight = 22
const groupHead = 40

/** @param {string} label what the picture shows, for those who do not see it @param {readonly Group[]} groups */
export function drawBars(label, groups) {
  let y = 8
  const parts = []
  for (const { title, bars } of groups) {
    parts.push(`<text class="title" x="0" y="${y + 20}">${escapeText(title)}</text>`)
    y += groupHead
    const longest = Math.max(...bars.map(({ value }) => value))
    for (const bar of bars) {
      parts.push(draw(bar, (bar.value / longest) * (width - labels - values), y))
      y += rowHeight
    }
    y += 12
  }
  const viewBox = `0 0 ${width} ${y}`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${viewBox}" width="${width}" height="${y}" role="img" aria-label="${escapeText(label)}">
${style}
${parts.join('\n')}
</svg>
`
}

/** @param {Bar} bar @param {number} length @param {number} y */
function draw({ name, value, isOurs }, length, y) {
  const middle = y + rowHeight / 2 + 4
  return [
    `<g class="${isOurs ? 'ours' : 'others'}">`,
    `<text x="${labels - 12}" y="${middle}" text-anchor="end">${escapeText(name)}</text>`,
    `<rect x="${labels}" y="${y + 3}" width="${Math.max(length, 2).toFixed(1)}" height="${rowHeight - 6}" rx="2"/>`,
    `<text x="${(labels + length + 8).toFixed(1)}" y="${middle}">${plain(value)}</text>`,
    '</g>',
  ].join('')
}

const style = `<style>
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .title { font-size: 15px; font-weight: 600; }
  .ours text { font-weight: 600; }
  .ours rect { fill: #0969da; }
  .others rect { fill: #afb8c1; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .ours rect { fill: #4493f8; }
    .others rect { fill: #57606a; }
  }
</style>`

const escapeText = (/** @type {string} */ text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;')
