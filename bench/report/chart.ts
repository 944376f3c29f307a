import type { Result } from '../harness/scenario'
import { plain } from './table'

/** Results whose contestants are drawn, and what the bars mean. */
const charts: Readonly<Record<string, string>> = {
  'request.rtt': 'One request, answered (ms, shorter is better)',
  'request.pipelined64': 'Requests per second, 64 at once (longer is better)',
  'request.duringStream': 'One request during a download (ms, shorter is better)',
  'stream.download': 'Download, MB/s (longer is better)',
  'stream.upload': 'Upload, MB/s (longer is better)',
  'connect.open': 'Dial to first answer (ms, shorter is better)',
  'hostile.p95': 'A request while a stranger floods the device (p95, ms, shorter is better)',
}

const width = 760
const labels = 210
const values = 80
const rowHeight = 22
const groupHead = 40

/** Bars for every result that has contestants; readable on light and on dark. */
export function chartOf(results: readonly Result[]): string {
  let y = 8
  const parts: string[] = []
  for (const { key, medians } of results) {
    const title = charts[key]
    if (!title || !medians) continue
    const rows = Object.entries(medians).sort(([a], [b]) => order(a) - order(b))
    parts.push(`<text class="title" x="0" y="${y + 20}">${escapeText(title)}</text>`)
    y += groupHead
    const longest = Math.max(...rows.map(([, value]) => value))
    for (const [name, value] of rows) {
      parts.push(bar(name, value, (value / longest) * (width - labels - values), y))
      y += rowHeight
    }
    y += 12
  }
  const viewBox = `0 0 ${width} ${y}`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${viewBox}" width="${width}" height="${y}" role="img" aria-label="nanopeer measured against a raw data channel, PeerJS and Trystero">
${style}
${parts.join('\n')}
</svg>
`
}

/** nanopeer first, then what it is measured against, then the others. */
const order = (name: string): number => (name === 'nanopeer' ? 0 : name.startsWith('raw') ? 1 : 2)

function bar(name: string, value: number, length: number, y: number): string {
  const kind = name === 'nanopeer' ? 'ours' : 'others'
  const label = name.replace(/^raw/, 'raw channel')
  const middle = y + rowHeight / 2 + 4
  return [
    `<g class="${kind}">`,
    `<text x="${labels - 12}" y="${middle}" text-anchor="end">${escapeText(label)}</text>`,
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

const escapeText = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;')
