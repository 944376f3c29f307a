import { html, LitElement, nothing } from 'lit'
import { type Tool, theTool } from '../record/tool'
import { bin, cross, mark, shorter, taller } from './icons'
import { Measuring } from './measuring'
import { Selection } from './selection'
import { base } from './styles/base'
import { connections } from './styles/connections'
import { panel } from './styles/panel'
import { requests } from './styles/requests'
import { timeline } from './styles/timeline'
import { Throttle } from './throttle'
import { ConnectionsView } from './views/connections'
import { FaultsView } from './views/faults'
import { InsideView } from './views/inside'
import { RequestsView } from './views/requests'
import { TimelineView } from './views/timeline'
import type { View, ViewHost } from './views/view'

const panelName = 'nanopeer-devtools-panel'

/** How often the panel shows what has changed, and how often it looks by itself: durations grow. Ms. */
const interval = 100
const restInterval = 500

/** The panel, loaded when it is first opened. */
class DevtoolsPanel extends LitElement implements ViewHost {
  static override styles = [base, panel, connections, timeline, requests]
  readonly tool = theTool() as Tool
  readonly selection = new Selection()
  private readonly views: readonly View[] = [
    new ConnectionsView(this),
    new TimelineView(this),
    new RequestsView(this),
    new InsideView(this),
    new FaultsView(this),
  ]
  private shown: View = this.views[0] as View
  private isTall = false
  private announcement = ''
  private readonly measuring = new Measuring()
  private readonly throttle = new Throttle(interval, () => this.requestUpdate())
  private ticker: ReturnType<typeof setInterval> | null = null
  private unsubscribe = () => {}

  get now(): number {
    return Date.now()
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.unsubscribe = this.tool.recorder.subscribe(() => this.changed())
    this.ticker = setInterval(() => this.changed(), restInterval)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.unsubscribe()
    this.throttle.stop()
    if (this.ticker !== null) clearInterval(this.ticker)
    this.measuring.stop()
    for (const view of this.views) view.hidden?.()
  }

  changed(): void {
    this.throttle.call()
  }

  announce(text: string): void {
    // The same words twice are told twice.
    this.announcement = this.announcement === text ? `${text}\u00a0` : text
    this.requestUpdate()
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('[role=tab][aria-selected=true]')?.focus()
  }

  protected override updated(): void {
    this.measuring.follow(this.tool.recorder)
    this.shown.updated?.(this.renderRoot as ShadowRoot)
  }

  protected override render() {
    return html`
      <section class="panel" aria-label="nanopeer developer tools" data-size=${this.isTall ? 'tall' : 'short'}
        @keydown=${(event: KeyboardEvent) => event.key === 'Escape' && this.close()}>
        <header class="head">
          <span class="brand">${mark} nanopeer</span>
          <div class="tabs" role="tablist" aria-label="Views"
            @keydown=${(event: KeyboardEvent) => this.move(event)}>
            ${this.views.map((view) => this.renderTab(view))}
          </div>
          <div class="tools">
            ${this.renderTool('Forget what is over', bin, () => this.tool.recorder.clear())}
            ${this.renderTool(this.isTall ? 'Shorter' : 'Taller', this.isTall ? shorter : taller, () => {
              this.isTall = !this.isTall
              this.requestUpdate()
            })}
            ${this.renderTool('Close', cross, () => this.close())}
          </div>
        </header>
        <div class="view" role="tabpanel" id="view" tabindex="0" aria-labelledby="tab-${this.shown.name}">
          ${this.tool.recorder.peers.size === 0 ? empty : this.shown.render()}
        </div>
        <p class="visually-hidden" role="status">${this.announcement}</p>
      </section>`
  }

  private renderTab(view: View) {
    const isShown = view === this.shown
    const number = view.count?.()
    return html`<button role="tab" id="tab-${view.name}" aria-controls="view"
      aria-selected=${isShown ? 'true' : 'false'} tabindex=${isShown ? 0 : -1} @click=${() => this.switchTo(view)}
      >${view.title}${number ? html`<span class="number">${number}</span>` : nothing}</button>`
  }

  private renderTool(title: string, icon: unknown, act: () => void) {
    return html`<button class="icon" title=${title} aria-label=${title} @click=${act}>${icon}</button>`
  }

  private switchTo(view: View): void {
    if (view === this.shown) return
    this.shown.hidden?.()
    this.shown = view
    this.renderRoot.querySelector('.view')?.scrollTo(0, 0)
    this.requestUpdate()
  }

  /** Arrow keys go through the tabs, as the pattern for tabs has it. */
  private move(event: KeyboardEvent): void {
    const index = this.views.indexOf(this.shown)
    const last = this.views.length - 1
    const targets: Record<string, number> = {
      ArrowRight: index === last ? 0 : index + 1,
      ArrowLeft: index === 0 ? last : index - 1,
      Home: 0,
      End: last,
    }
    const view = this.views[targets[event.key] ?? -1]
    if (!view) return
    event.preventDefault()
    this.switchTo(view)
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>('[role=tab][aria-selected=true]')?.focus(),
    )
  }

  private close(): void {
    this.dispatchEvent(new Event('close'))
  }
}

const empty = html`<p class="empty">
  <b>No peer yet</b>
  <span>Peers of this page are shown as soon as they are made.</span>
</p>`

/** Defines the panel's element, once. */
export const definePanel = (): void => {
  if (!customElements.get(panelName)) customElements.define(panelName, DevtoolsPanel)
}
