import { html, nothing } from 'lit'
import type { PeerRecord } from '../../record/peer'
import { renderState } from '../parts'
import type { Selected } from '../selection'
import { ConnectionDetail } from './connection'
import type { View, ViewHost } from './view'

/** The tree of peers and connections, and the one that is chosen. */
export class ConnectionsView implements View {
  readonly name = 'connections'
  readonly title = 'Connections'
  private readonly detail

  constructor(private readonly host: ViewHost) {
    this.detail = new ConnectionDetail(host)
  }

  count(): number {
    const peers = [...this.host.tool.recorder.peers.values()]
    return peers.flatMap(({ connections }) => [...connections.values()].filter(({ isListed }) => isListed))
      .length
  }

  render() {
    const selected = this.host.selection.of(this.host.tool.recorder)
    return html`<div class="split">
      <nav class="tree" aria-label="Peers and connections">
        <ul>${[...this.host.tool.recorder.peers.values()].map((peer) => this.renderPeer(peer, selected))}</ul>
      </nav>
      <div class="detail">
        ${selected ? this.detail.render(selected) : html`<p class="empty">No connection yet.</p>`}
      </div>
    </div>`
  }

  private renderPeer(peer: PeerRecord, selected: Selected | null) {
    const { lastError, status } = peer
    return html`<li>
      <div class="peer"><span class="name" title=${peer.id}>${peer.id}</span>${renderState(status)}</div>
      ${
        status.error && lastError
          ? html`<p class="none">${lastError.code}: ${lastError.message}</p>`
          : nothing
      }
      ${peer.connections.size === 0 ? html`<p class="none">no connections</p>` : nothing}
      <ul>
        ${[...peer.connections.values()].map((record) => {
          const isChosen = selected?.record === record
          const choose = () => {
            this.host.selection.choose({ peer, record })
            this.host.requestUpdate()
          }
          return html`<li>
            <button class="node" aria-current=${isChosen ? 'true' : nothing} @click=${choose}>
              <span class="name" title=${record.remoteId}>${record.remoteId}</span>${renderState(record.status)}
            </button>
          </li>`
        })}
      </ul>
    </li>`
  }
}
