import { html, nothing } from 'lit'
import { formatBytes, formatDuration, formatTime } from '../../model/format'
import { splitOf, stateOf } from '../../model/split'
import type { Tone } from '../../model/tone'
import { hasSecrets, type Preview, printPreview } from '../../record/preview'
import type { RequestRecord } from '../../record/request'
import { renderDurations, renderProgress, renderSwatch } from '../parts'
import type { View, ViewHost } from './view'

/** Latest first, and no more than can be looked through. */
const mostShown = 200

/** The requests, in both directions. */
export class RequestsView implements View {
  readonly name = 'requests'
  readonly title = 'Requests'
  private chosen: RequestRecord | null = null
  private reveals = false

  constructor(private readonly host: ViewHost) {}

  count(): number {
    return [...this.host.tool.recorder.requests.running()].filter(({ end }) => !end).length
  }

  /** Shows one of them. */
  choose(record: RequestRecord | null): void {
    this.chosen = record
    this.reveals = false
    this.host.requestUpdate()
  }

  render() {
    const all = this.host.tool.recorder.requests.all().slice(-mostShown).reverse()
    if (all.length === 0) {
      return html`<p class="empty"><b>No request yet</b><span>Those that this page asks, and those that it answers.</span></p>`
    }
    return html`<table>
      <thead>
        <tr>
          <th scope="col">Action</th>
          <th scope="col" class="wide-only">With</th>
          <th scope="col">State</th>
          <th scope="col" class="wide-only">Progress</th>
          <th scope="col">Where the time went</th>
          <th scope="col" class="right">Took</th>
        </tr>
      </thead>
      <tbody>${all.map((record) => this.renderRow(record))}</tbody>
    </table>`
  }

  private renderRow(record: RequestRecord) {
    const { now } = this.host
    const isOpen = this.chosen === record
    const { total } = splitOf(record, now)
    return html`
      <tr ?data-open=${isOpen}>
        <td>
          <button class="row" aria-expanded=${isOpen ? 'true' : 'false'}
            @click=${() => this.choose(isOpen ? null : record)}
            ><span class="way">${record.direction === 'out' ? 'ask' : 'answer'}</span>${record.action}</button>
        </td>
        <td class="quiet wide-only">${record.direction === 'out' ? record.remoteId : `${record.remoteId} → ${record.peerId}`}</td>
        <td><span class="state" data-tone=${toneOfRequest(record)}>${stateOf(record)}</span></td>
        <td class="wide-only">${renderProgress(record)}</td>
        <td>${renderDurations(record, now)}</td>
        <td class="right number">${formatDuration(total)}</td>
      </tr>
      ${isOpen ? html`<tr data-open><td colspan="6">${this.renderFacts(record)}</td></tr>` : nothing}`
  }

  private renderFacts(record: RequestRecord) {
    const { input, answer, end, progress, hasBody, startedAt } = record
    const split = splitOf(record, this.host.now)
    const { waiting, handler, streaming } = split
    const hides = [input, answer].some((preview) => preview && hasSecrets(preview))
    return html`<dl class="facts">
      <dt>Input</dt>
      <dd><code>${input ? this.print(input) : 'unknown'}</code>${hasBody ? ' and an upload' : nothing}</dd>
      <dt>Answer</dt>
      <dd>${this.renderAnswer(answer, end)}</dd>
      <dt>Time</dt>
      <dd class="swatches">
        <span>${renderSwatch('waiting')}${formatDuration(waiting)} waiting to be sent</span>
        <span>${renderSwatch('pending')}${formatDuration(handler)} handler</span>
        <span>${renderSwatch('streaming')}${formatDuration(streaming)} streaming</span>
      </dd>
      ${
        progress
          ? html`<dt>Moved</dt>
            <dd>${formatBytes(progress.loaded)}${progress.total === undefined ? nothing : ` of ${formatBytes(progress.total)}`}</dd>`
          : nothing
      }
      <dt>Began</dt>
      <dd class="number">${formatTime(startedAt)}</dd>
      <div class="buttons">
        ${record.canAbort ? html`<button class="button" @click=${() => record.abort()}>Abort</button>` : nothing}
        ${
          record.direction === 'out'
            ? html`<button class="button" ?disabled=${!record.canRepeat} @click=${() => record.repeat()}
              title=${record.canRepeat ? '' : 'Its input is too large to be kept, or bytes went along.'}>Repeat</button>`
            : nothing
        }
        ${
          hides
            ? html`<button class="button" aria-pressed=${this.reveals ? 'true' : 'false'} @click=${() => {
                this.reveals = !this.reveals
                this.host.requestUpdate()
              }}>${this.reveals ? 'Hide secrets' : 'Show secrets'}</button>`
            : nothing
        }
      </div>
    </dl>`
  }

  private renderAnswer(answer: Preview | null, end: RequestRecord['end']) {
    if (answer) return html`<code>${this.print(answer)}</code>`
    if (!end) return html`<span class="quiet">not yet</span>`
    if (end.code === null) return html`<span class="quiet">unknown</span>`
    return html`<code>${end.code}</code> ${end.message}`
  }

  private print(preview: Preview): string {
    return printPreview(preview, this.reveals)
  }
}

const toneOfRequest = ({ end, phases }: RequestRecord): Tone => {
  if (end) return end.code === null ? 'good' : end.code === 'ABORTED' ? 'quiet' : 'bad'
  return phases.at(-1)?.state === 'waiting' ? 'quiet' : 'busy'
}
