import { html, svg } from 'lit'
import { formatDuration } from '../model/format'
import { splitOf, stateOf, stretchesOf } from '../model/split'
import type { Mark, Span } from '../model/timeline'
import type { RequestRecord } from '../record/request'
import type { Extent, Lane } from './lanes'
import { ticksOf } from './time-window'

// Everything in pixels.
const axis = 24
const laneHead = 34
const linkHeight = 16
const rowHeight = 18
const rowGap = 3
const laneFoot = 12
const side = 16
const tickWidth = 90

/** Draws connections along time. All of it is attributes: a page may forbid inline styles. */
export const drawTimeline = (lanes: readonly Lane[], extent: Extent) => {
  const { from, to, width } = extent
  const inner = width - 2 * side
  const x = (at: number) => side + (inner * (at - from)) / (to - from)
  let y = axis
  const drawn = lanes.map((lane) => {
    const top = y
    y += heightOf(lane)
    return drawLane(lane, { x, top, extent })
  })
  const height = Math.max(y, axis + 60)
  const ticks = ticksOf(from, to, Math.max(2, Math.floor(inner / tickWidth)))
  return html`<svg class="picture" width=${width} height=${height} viewBox="0 0 ${width} ${height}"
    role="img" aria-label=${describe(lanes, extent)}>
    ${ticks.map(
      ({ at, label }) => svg`
        <line class="grid" x1=${x(at)} x2=${x(at)} y1=${axis - 4} y2=${height}></line>
        <text class="tick" x=${x(at)} y="15" text-anchor="middle">${label}</text>`,
    )}
    ${drawn}
    ${lanes.length > 0 ? '' : svg`<text class="more" x=${width / 2} y=${axis + 34} text-anchor="middle">Nothing happened in this time.</text>`}
  </svg>`
}

/** Where a lane is drawn. */
interface Place {
  /** The pixel of a moment. */
  x(at: number): number
  readonly top: number
  readonly extent: Extent
}

const heightOf = ({ requests }: Lane): number =>
  laneHead + linkHeight + requests.rows.length * (rowHeight + rowGap) + laneFoot

const drawLane = ({ peerId, remoteId, history, requests }: Lane, place: Place) => {
  const { top, extent } = place
  const linkTop = top + laneHead
  const rowsTop = linkTop + linkHeight + rowGap
  const order: Span['kind'][] = ['away', 'dial', 'link', 'unstable']
  const spans = history.spans.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
  return svg`
    <line class="rule" x1="0" x2=${extent.width} y1=${top + 0.5} y2=${top + 0.5}></line>
    <text class="who" x=${side} y=${top + 18}><tspan class="more">${peerId} → </tspan>${remoteId}</text>
    ${
      requests.hidden > 0
        ? svg`<text class="more" x=${extent.width - side} y=${top + 18} text-anchor="end">${requests.hidden} more requests</text>`
        : ''
    }
    ${spans.map((span) => drawSpan(span, linkTop, place))}
    ${history.marks.map((mark) => drawMark(mark, linkTop, place))}
    ${requests.rows.map((row, index) =>
      row.map((record) => drawRequest(record, rowsTop + index * (rowHeight + rowGap), place)),
    )}`
}

/** A bar between two moments, cut off where the picture ends; null where it is not in it. */
const barOf = (start: number, end: number, { x, extent }: Place) => {
  const left = Math.max(0, x(start))
  const right = Math.min(extent.width, x(end))
  return right < 0 || left > extent.width ? null : { left, width: Math.max(2, right - left) }
}

const drawSpan = (span: Span, top: number, place: Place) => {
  const { kind, from, to, link, code } = span
  const bar = barOf(from, to ?? place.extent.now, place)
  if (!bar) return ''
  const { left, width } = bar
  const name = kind === 'link' ? `link ${link}` : kind
  const title = `${name}, ${formatDuration((to ?? place.extent.now) - from)}${code ? `: ${code}` : ''}`
  return svg`<g>
    <title>${title}</title>
    <rect class=${kind === 'dial' && code ? 'failed' : kind} x=${left} y=${top} width=${width} height=${linkHeight} rx="3"></rect>
    ${kind === 'link' ? drawLabel(name, left, width, top, linkHeight) : ''}
  </g>`
}

const drawMark = ({ at, kind }: Mark, top: number, place: Place) => {
  const x = place.x(at)
  if (x < 0 || x > place.extent.width) return ''
  const y = top - 4
  const words = {
    session: 'a new session',
    resumed: 'session resumed',
    refused: 'refused',
    limit: 'a limit was reached',
  }
  return svg`<g><title>${words[kind]}</title><path class=${kind} d=${`M${x - 4} ${y - 4}h8l-4 6z`}></path></g>`
}

const drawRequest = (record: RequestRecord, top: number, place: Place) => {
  const { now } = place.extent
  const bar = barOf(record.startedAt, record.end?.at ?? now, place)
  if (!bar) return ''
  const { left, width } = bar
  const { end, action } = record
  const title = `${action}: ${stateOf(record)}, ${formatDuration(splitOf(record, now).total)}${end?.code ? ` (${end.code})` : ''}`
  return svg`<g>
    <title>${title}</title>
    ${stretchesOf(record, now).map(({ state, from, to }) => {
      const part = barOf(from, to, place)
      return part
        ? svg`<rect class=${state} x=${part.left} y=${top} width=${part.width} height=${rowHeight}></rect>`
        : ''
    })}
    <rect class=${end?.code && end.code !== 'ABORTED' ? 'ended-badly' : 'outline'} x=${left} y=${top} width=${width} height=${rowHeight} rx="3"></rect>
    ${drawLabel(action, left, width, top, rowHeight)}
  </g>`
}

/** A word in a bar, where there is room for a part of it: what is too long is cut off. */
const drawLabel = (text: string, left: number, width: number, top: number, height: number) => {
  const room = width - 12
  if (room < 24) return ''
  return svg`<svg x=${left + 6} y=${top} width=${room} height=${height}><text x="0" y=${height / 2 + 4}>${text}</text></svg>`
}

const describe = (lanes: readonly Lane[], { from, to }: Extent): string => {
  const parts = lanes.map(({ remoteId, history, requests }) => {
    const links = history.spans.filter(({ kind }) => kind === 'link').length
    const shown = requests.rows.flat().length + requests.hidden
    return `${remoteId}: ${links} links, ${shown} requests`
  })
  return `The last ${formatDuration(to - from)}. ${parts.join('; ') || 'Nothing happened'}. The list below has it in words.`
}
