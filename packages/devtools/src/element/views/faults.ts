import { html } from 'lit'
import type { Fault } from '../../faults/faults'
import { renderState } from '../parts'
import type { Selected } from '../selection'
import type { View, ViewHost } from './view'

const mostDelay = 10_000

/** What one's page does when the network is bad. */
export class FaultsView implements View {
  readonly name = 'faults'
  readonly title = 'Faults'

  constructor(private readonly host: ViewHost) {}

  render() {
    const { recorder, faults } = this.host.tool
    const pairs = [...recorder.peers.values()].flatMap((peer) =>
      [...peer.connections.values()].map((record) => ({ peer, record })),
    )
    return html`
      <div class="bar">
        <span class="quiet">See what this page does when the network is bad. Only this page's end is touched.</span>
        <span class="spacer"></span>
        <button class="button" ?disabled=${!faults.isAny} @click=${() => this.heal()}>Mend everything</button>
      </div>
      ${
        pairs.length === 0
          ? html`<p class="hint">No connection yet.</p>`
          : html`<ul class="fault-list">${pairs.map((pair) => this.renderPair(pair))}</ul>`
      }`
  }

  private renderPair({ peer, record }: Selected) {
    const { faults } = this.host.tool
    const { id } = peer
    const { remoteId } = record
    if (!faults.reaches(id)) {
      return html`<li>
        <span class="who">${remoteId}</span>
        <span class="quiet">Its peer had joined before these tools were loaded: import them first.</span>
      </li>`
    }
    const fault = faults.of(id, remoteId)
    const set = (change: Partial<Fault>, said: string) => {
      faults.set(id, remoteId, change)
      this.host.announce(said)
    }
    return html`<li>
      <span class="who"><span class="peer">${id} →</span> ${remoteId} ${renderState(record.status)}</span>
      <button class="button" @click=${() => this.drop(id, remoteId)}>Drop the link</button>
      <button class="button" aria-pressed=${fault.isCut ? 'true' : 'false'}
        @click=${() => set({ isCut: !fault.isCut }, fault.isCut ? 'Plugged in.' : 'The cable is pulled.')}
        >${fault.isCut ? 'Plug the cable in' : 'Pull the cable'}</button>
      <label>
        Delay
        <input type="number" min="0" max=${mostDelay} step="50" .value=${String(fault.delay)}
          @change=${(event: Event) => {
            const asked = (event.target as HTMLInputElement).valueAsNumber
            const delay = Number.isFinite(asked) ? Math.min(mostDelay, Math.max(0, asked)) : 0
            set({ delay }, `Messages take ${delay} ms longer each way.`)
          }} />
        ms each way
      </label>
      <label>
        <input type="checkbox" .checked=${fault.isRefused}
          @change=${(event: Event) => {
            const isRefused = (event.target as HTMLInputElement).checked
            set({ isRefused }, isRefused ? 'New links are refused.' : 'New links are taken.')
          }} />
        Refuse new links
      </label>
    </li>`
  }

  private drop(peerId: string, remoteId: string): void {
    this.host.tool.faults.drop(peerId, remoteId)
    this.host.announce('The link was dropped.')
  }

  private heal(): void {
    this.host.tool.faults.heal()
    this.host.announce('Everything is mended.')
  }
}
