import type { TemplateResult } from 'lit'
import type { Tool } from '../../record/tool'
import type { Selection } from '../selection'

/** What views share, and what shows them. */
export interface ViewHost {
  readonly tool: Tool
  readonly selection: Selection
  /** Epoch ms. */
  readonly now: number
  /** Shows it anew, soon. */
  changed(): void
  requestUpdate(): void
  /** Tells a screen reader. */
  announce(text: string): void
}

/** One tab of the panel. */
export interface View {
  readonly name: string
  readonly title: string
  /** A number beside its title. */
  count?(): number
  render(): TemplateResult
  /** It was rendered. */
  updated?(root: ShadowRoot): void
  /** It is shown no more. */
  hidden?(): void
}
