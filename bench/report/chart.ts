import { drawBars } from './bars.mjs'
import type { Entries } from './json'

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

/** Bars for every result that has contestants. */
export function chartOf(entries: Entries): string {
  const groups = Object.entries(charts).flatMap(([key, title]) => {
    const medians = entries[key]?.medians
    if (!medians) return []
    const rows = Object.entries(medians).sort(([a], [b]) => order(a) - order(b))
    const bars = rows.map(([name, value]) => ({
      name: name.replace(/^raw/, 'raw channel'),
      value,
      isOurs: name === 'nanopeer',
    }))
    return [{ title, bars }]
  })
  return drawBars('nanopeer measured against a raw data channel, PeerJS and Trystero', groups)
}

/** nanopeer first, then what it is measured against, then the others. */
const order = (name: string): number => (name === 'nanopeer' ? 0 : name.startsWith('raw') ? 1 : 2)
