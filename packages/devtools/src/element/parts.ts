import type { ConnectionStatus, PeerStatus } from '@nanopeer/core'
import { html, nothing, svg } from 'lit'
import { splitOf, stretchesOf } from '../model/split'
import { toneOf } from '../model/tone'
import type { RequestRecord } from '../record/request'

/** A status: its name, and a dot in its tone. */
export const renderState = (status: ConnectionStatus | PeerStatus) => html`
  <span class="state" data-tone=${toneOf(status)}><span class="dot"></span>${status.state}</span>`

/** Numbers as a line, from 0 to the highest. */
export const renderSparkline = (numbers: readonly number[], label: string) => {
  if (numbers.length < 2) return nothing
  const most = 1.3 * Math.max(...numbers, 1)
  const points = numbers.map((value, index) => {
    const x = 1 + (70 * index) / (numbers.length - 1)
    return `${x.toFixed(1)},${(21 - (20 * value) / most).toFixed(1)}`
  })
  return html`<svg class="sparkline" viewBox="0 0 72 22" role="img" aria-label=${label}>
    <polyline points=${points.join(' ')}></polyline>
  </svg>`
}

/** Where a request's time went, as one bar. */
export const renderDurations = (record: RequestRecord, now: number) => {
  const { total } = splitOf(record, now)
  if (total <= 0) return nothing
  const stretches = stretchesOf(record, now)
  const scale = (ms: number) => (100 * ms) / total
  return html`<svg class="durations" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
    ${stretches.map(
      ({ state, from, to }) =>
        svg`<rect class=${state} x=${scale(from - record.startedAt)} y="0" width=${scale(to - from)} height="10"></rect>`,
    )}
  </svg>`
}

/** A square in a colour of the picture. */
export const renderSwatch = (kind: string) =>
  html`<svg viewBox="0 0 10 10" aria-hidden="true"><rect class=${kind} width="10" height="10" rx="2"></rect></svg>`

/** How far bytes have come: a share where the whole is known. */
export const renderProgress = ({ progress, action }: RequestRecord) =>
  progress?.total === undefined
    ? nothing
    : html`<progress max=${progress.total} value=${progress.loaded} aria-label="Progress of ${action}"></progress>`
