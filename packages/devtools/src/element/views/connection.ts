import type { Diagnosis } from '@nanopeer/core'
import { html, nothing } from 'lit'
import { describeEntries } from '../../model/describe'
import { count, formatBytes, formatDuration, formatTime } from '../../model/format'
import { reportOn } from '../../model/report'
import type { ConnectionRecord } from '../../record/connection'
import { renderSparkline, renderState } from '../parts'
import type { Selected } from '../selection'
import type { ViewHost } from './view'

const mostEvents = 60

/** What `diagnose()` came to: shown until the next time. */
type Finding =
  | { readonly state: 'running' }
  | { readonly state: 'found'; readonly diagnosis: Diagnosis }
  | {
      readonly state: 'failed'
      readonly message: string
    }

/** One connection: how it is, what went wrong last, and what can be done. */
export class ConnectionDetail {
  private finding: Finding | null = null
  /** Shown where the clipboard cannot be written. */
  private text: string | null = null

  constructor(private readonly host: ViewHost) {}

  render(selected: Selected) {
    const { record, peer } = selected
    const { status, connection } = record
    return html`
      <div class="title">
        <h2>${record.remoteId}</h2>
        ${renderState(status)}
        <div class="buttons">
          <button class="button" @click=${() => connection.reconnect()}>Reconnect</button>
          <button class="button" @click=${() => void connection.close()}>Close connection</button>
          <button class="button" ?disabled=${this.finding?.state === 'running'}
            @click=${() => void this.diagnose(selected)}>Diagnose</button>
          <button class="button" @click=${() => void this.copy(selected)}>Copy as text</button>
        </div>
      </div>
      ${this.renderFigures(record)}
      ${this.renderError(record)}
      ${this.renderFinding()}
      ${
        this.text === null
          ? nothing
          : html`<textarea readonly aria-label="This connection as text" .value=${this.text}></textarea>`
      }
      ${this.renderEvents(peer.id, record.remoteId)}`
  }

  private renderFigures(record: ConnectionRecord) {
    const { stats, session, roundTrips } = record
    const trips = [...roundTrips]
    const figures: readonly (readonly [string, unknown])[] = [
      [
        'Round trip',
        stats.rtt === null
          ? 'unknown'
          : html`${formatDuration(stats.rtt)} ${renderSparkline(trips, `The last ${trips.length} round trips`)}`,
      ],
      ['Route', stats.route ?? 'none'],
      ['Sent', formatBytes(stats.sent)],
      ['Received', formatBytes(stats.received)],
      ['Links', stats.links],
      [
        'Session',
        session
          ? html`${session.resumed === 0 ? 'new' : `resumed ${count(session.resumed, 'time')}`}
              <small>for ${formatDuration(this.host.now - session.since)}</small>`
          : 'none',
      ],
    ]
    return html`<dl class="figures">
      ${figures.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}
    </dl>`
  }

  private renderError({ status, lastError }: ConnectionRecord) {
    if (!lastError) return nothing
    const { code, message, stage, explain } = lastError
    const due = status.retryAt === null ? null : Math.max(0, status.retryAt - this.host.now)
    return html`<div class="notice" data-tone=${status.error ? 'bad' : 'quiet'}>
      <p>
        <b>${status.error ? '' : 'Last error: '}${code}</b>
        ${stage ? html`at the stage <b>${stage}</b>` : nothing}
        ${due === null ? nothing : html`<span class="quiet">· next attempt in ${formatDuration(due)}</span>`}
      </p>
      <p>${message} ${explain}</p>
    </div>`
  }

  private renderFinding() {
    const { finding } = this
    if (!finding) return nothing
    if (finding.state === 'running') return html`<div class="notice" data-tone="busy">Diagnosing …</div>`
    if (finding.state === 'failed') {
      return html`<div class="notice" data-tone="bad"><b>Diagnosis failed</b><p>${finding.message}</p></div>`
    }
    const { nat, servers, relay, ms, explain } = finding.diagnosis
    return html`<div class="notice" data-tone="good">
      <p><b>NAT: ${nat}</b>, ${relay ? 'with' : 'without'} a relay <span class="quiet">· ${formatDuration(ms)}</span></p>
      <p>${explain}</p>
      <ul>
        ${servers.map(
          ({ url, works, explain }) =>
            html`<li><code>${url}</code> ${works ? 'works' : 'fails'}. ${explain}</li>`,
        )}
      </ul>
    </div>`
  }

  private renderEvents(peerId: string, remoteId: string) {
    const isMeant = (entry: { peerId: string; remoteId: string | null }) =>
      entry.peerId === peerId && entry.remoteId === remoteId
    const events = describeEntries(this.host.tool.recorder.entries, isMeant, mostEvents)
    if (events.length === 0) return nothing
    return html`<h3 class="section">What happened, latest first</h3>
      <ol class="events">
        ${events.map(
          ({ entry, text, tone }) => html`<li data-tone=${tone}>
            <time class="number">${formatTime(entry.at)}</time><span class="dot"></span><span>${text}</span>
          </li>`,
        )}
      </ol>`
  }

  private async copy({ peer, record }: Selected): Promise<void> {
    const text = reportOn({ recorder: this.host.tool.recorder, peer, record }, this.host.now)
    try {
      await navigator.clipboard.writeText(text)
      this.text = null
      this.host.announce('Copied.')
    } catch {
      // No permission, or no secure page: it can be copied by hand.
      this.text = text
      this.host.announce('The clipboard is closed to this page; the text is shown below.')
    }
  }

  private async diagnose({ peer }: Selected): Promise<void> {
    this.find({ state: 'running' })
    try {
      const { diagnose } = await import('@nanopeer/core')
      const diagnosis = await diagnose({ iceServers: peer.inspection.iceServers })
      this.find({ state: 'found', diagnosis })
      this.host.announce(diagnosis.explain)
    } catch (error) {
      this.find({ state: 'failed', message: (error as Error).message })
    }
  }

  private find(finding: Finding): void {
    this.finding = finding
    this.host.requestUpdate()
  }
}
