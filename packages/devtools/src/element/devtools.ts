import { html, LitElement, nothing } from 'lit'
import type { NanopeerDevtools } from '../index'
import type { Tone } from '../model/tone'
import { toneOf } from '../model/tone'
import { type Tool, theTool } from '../record/tool'
import { mark } from './icons'
import { badge } from './styles/badge'
import { base } from './styles/base'
import { Throttle } from './throttle'

export const tagName = 'nanopeer-devtools'

/** The badge is looked at out of the corner of an eye. */
const badgeInterval = 250

/** The element of `index.ts`: the badge, and the panel once it is opened. */
export class DevtoolsElement extends LitElement implements NanopeerDevtools {
  static override styles = [base, badge]
  static override properties = {
    open: { type: Boolean, reflect: true },
    theme: { reflect: true },
    position: { reflect: true },
  }
  declare open: boolean
  declare theme: NanopeerDevtools['theme']
  declare position: NanopeerDevtools['position']
  private readonly tool: Tool | undefined = theTool()
  private readonly throttle = new Throttle(badgeInterval, () => this.requestUpdate())
  private unsubscribe = () => {}
  private isLoaded = false
  private failure: string | null = null

  override connectedCallback(): void {
    super.connectedCallback()
    this.unsubscribe = this.tool?.recorder.subscribe(() => this.throttle.call()) ?? (() => {})
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.unsubscribe()
    this.throttle.stop()
  }

  protected override willUpdate(): void {
    if (this.open && !this.isLoaded) void this.load()
  }

  protected override render() {
    if (!this.tool) return nothing
    if (this.open && this.isLoaded) {
      return html`<nanopeer-devtools-panel
        theme=${this.theme ?? nothing}
        @close=${() => this.close()}
      ></nanopeer-devtools-panel>`
    }
    const { tone, text } = this.summary(this.tool)
    return html`
      <button class="badge" aria-expanded=${this.open ? 'true' : 'false'} @click=${() => this.show()}
        aria-label="nanopeer developer tools: ${text}" title=${text}>
        ${mark}<span>nanopeer</span>
        ${this.tool.faults.isAny ? html`<span class="fault">faults on</span>` : nothing}
        <span class="dot" data-tone=${tone}></span>
      </button>
      <span class="visually-hidden" role="status">${this.failure}</span>`
  }

  private show(): void {
    this.open = true
  }

  private close(): void {
    this.open = false
    void this.updateComplete.then(() => this.renderRoot.querySelector('button')?.focus())
  }

  private async load(): Promise<void> {
    try {
      const { definePanel } = await import('./panel')
      definePanel()
      this.isLoaded = true
    } catch (error) {
      // The next click tries again.
      console.warn('nanopeer: the panel of the developer tools could not be loaded.', error)
      this.failure = 'The panel could not be loaded.'
      this.open = false
    }
    this.requestUpdate()
  }

  /** How all connections are, in a word: the worst of them. */
  private summary({ recorder }: Tool): { readonly tone: Tone; readonly text: string } {
    const peers = [...recorder.peers.values()].filter(({ status }) => status.state !== 'destroyed')
    const listed = peers.flatMap(({ connections }) => [...connections.values()].filter((one) => one.isListed))
    const tones = [...peers, ...listed].map(({ status }) => toneOf(status))
    const tone = (['bad', 'busy', 'good'] as const).find((each) => tones.includes(each)) ?? 'quiet'
    const online = listed.filter(
      ({ status }) => status.state === 'open' || status.state === 'unstable',
    ).length
    return { tone, text: peers.length === 0 ? 'no peer' : `${online} of ${listed.length} connections linked` }
  }
}
