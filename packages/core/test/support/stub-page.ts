import { vi } from 'vitest'

/** A page, as far as a peer listens to it. */
export interface StubPage {
  readonly window: EventTarget
  readonly document: EventTarget & { visibilityState: string }
}

/** Stands in the place of `window` and `document` until `vi.unstubAllGlobals()`. */
export const stubPage = (): StubPage => {
  const page: StubPage = {
    window: new EventTarget(),
    document: Object.assign(new EventTarget(), { visibilityState: 'visible' }),
  }
  vi.stubGlobal('window', page.window)
  vi.stubGlobal('document', page.document)
  return page
}
