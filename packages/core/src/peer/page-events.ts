/** What the page tells that no timer can know. */
export interface PageEvents {
  /** Visible again, back online, or resumed from sleep or a freeze: look at once. */
  woke(): void
  /** Going away, perhaps for good: there is time for one message. */
  leaving(): void
  /** Back from the back/forward cache, where every link has died. */
  returned(): void
}

/** Listens to the page; in Node, where there is none, to nothing. Returns its undo. */
export const watchPage = (events: PageEvents): (() => void) => {
  if (typeof window === 'undefined' || typeof document === 'undefined') return () => {}
  const undo: (() => void)[] = []
  // By hand, not by a signal: a DOM of a test runner's refuses those of Node.
  const on = (target: EventTarget, type: string, hear: (event: Event) => void) => {
    target.addEventListener(type, hear)
    undo.push(() => target.removeEventListener(type, hear))
  }
  const woke = () => events.woke()
  on(document, 'visibilitychange', () => document.visibilityState === 'visible' && woke())
  on(document, 'resume', woke)
  on(window, 'online', woke)
  on(window, 'pagehide', () => events.leaving())
  on(window, 'pageshow', (event) => (event as PageTransitionEvent).persisted && events.returned())
  return () => {
    for (const remove of undo) remove()
  }
}
