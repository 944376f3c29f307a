import { startTool } from './record/tool'

/** `<nanopeer-devtools>`: a badge in a corner of the page, which opens the panel. Each property is an attribute, too. */
export interface NanopeerDevtools extends HTMLElement {
  /** The panel is open. */
  open: boolean
  /** What the visitor's system says, where it is null. */
  theme: 'light' | 'dark' | null
  /** Where the badge is. @default 'bottom-right' */
  position: 'bottom-left' | 'bottom-right' | null
}

// On a server there is nothing to look at, and another copy on the page shows the same.
if (typeof document !== 'undefined' && startTool()) {
  import('./element/define').then(
    ({ show }) => show(),
    (error: unknown) => console.warn('nanopeer: the developer tools could not be loaded.', error),
  )
}

declare global {
  interface HTMLElementTagNameMap {
    'nanopeer-devtools': NanopeerDevtools
  }
}
