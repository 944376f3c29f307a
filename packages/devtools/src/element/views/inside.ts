import { createRemoteStore } from '@nanopeer/core'
import { html, nothing } from 'lit'
import { count, formatBytes } from '../../model/format'
import { type LimitUse, limitUses } from '../../model/limits'
import { storesOf } from '../../model/stores'
import type { PeerRecord } from '../../record/peer'
import { previewOf, printPreview } from '../../record/preview'
import { renderState } from '../parts'
import type { View, ViewHost } from './view'

const own = 'nanopeer:'

/** What each peer answers, which stores it follows and shares, and how close its limits are. */
export class InsideView implements View {
  readonly name = 'inside'
  readonly title = 'Handlers and limits'

  constructor(private readonly host: ViewHost) {}

  render() {
    const peers = [...this.host.tool.recorder.peers.values()]
    return html`${peers.map((peer) => this.renderPeer(peer))}`
  }

  private renderPeer(peer: PeerRecord) {
    const { requests } = this.host.tool.recorder
    const uses = limitUses(peer, requests.running(), this.host.now)
    return html`<div class="columns">
      <div>
        <section>
          <div class="title"><h2>${peer.id}</h2>${renderState(peer.status)}</div>
          <table>
            <thead>
              <tr>
                <th scope="col">Limit</th>
                <th scope="col" class="right">Used now</th>
                <th scope="col"><span class="visually-hidden">Share</span></th>
                <th scope="col" class="right">Reached</th>
              </tr>
            </thead>
            <tbody>${uses.map(renderUse)}</tbody>
          </table>
        </section>
      </div>
      <div>
        <section>
          <h2>Handlers</h2>
          ${this.renderHandlers(peer)}
        </section>
        <section>
          <h2>Remote stores</h2>
          ${this.renderStores(peer)}
        </section>
      </div>
    </div>`
  }

  private renderHandlers({ inspection }: PeerRecord) {
    const names = inspection.handlerNames()
    const given = names.filter((name) => !name.startsWith(own))
    const sharing = names.includes(`${own}store`)
    if (names.length === 0) return html`<p class="quiet">It answers nothing.</p>`
    return html`<ul>
      ${given.map((name) => html`<li><code>${name}</code></li>`)}
      ${sharing ? html`<li class="quiet">It shares stores.</li>` : nothing}
    </ul>`
  }

  private renderStores({ id, connections }: PeerRecord) {
    const stores = storesOf([...this.host.tool.recorder.requests.running()], id)
    if (stores.length === 0) return html`<p class="quiet">None is followed.</p>`
    return html`<ul>
      ${stores.map(({ name, remoteId, direction, followers }) => {
        if (direction === 'in') {
          return html`<li><code>${name}</code> <span class="quiet">followed by ${count(followers, 'remote')}</span></li>`
        }
        const connection = connections.get(remoteId)?.connection
        // Reading follows nothing: it says what those see who follow it.
        const state = connection && createRemoteStore(connection, { name }).$state.value
        return html`<li>
          <code>${name}</code> <span class="quiet">of ${remoteId}${state ? `, ${state.isStale ? 'stale' : state.status}` : ''}</span>
          ${state?.value === undefined ? nothing : html`<br /><code>${printPreview(previewOf(state.value))}</code>`}
        </li>`
      })}
    </ul>`
  }
}

const renderUse = ({ name, limit, used, unit, hits }: LimitUse) => {
  const format = (value: number) => (unit === 'bytes' ? formatBytes(value) : String(value))
  const share = limit === null ? nothing : format(limit)
  return html`<tr>
    <td>${name}</td>
    <td class="right number">${used === null ? html`<span class="quiet">of ${share}</span>` : html`${format(used)} <span class="quiet">of ${share}</span>`}</td>
    <td>
      ${
        used === null || limit === null
          ? nothing
          : html`<meter min="0" max=${limit} low=${0.6 * limit} high=${0.9 * limit} optimum="0" value=${used}
            aria-label="${name}: ${used} of ${limit}"></meter>`
      }
    </td>
    <td class="right">${hits === 0 ? html`<span class="quiet">never</span>` : html`<span class="hits">${count(hits, 'time')}</span>`}</td>
  </tr>`
}
