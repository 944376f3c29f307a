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
  const stop = new AbortController()
  const { signal } = stop
  const woke = () => events.woke()
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && woke(), {
    signal,
  })
  document.addEventListener('resume', woke, { signal })
  window.addEventListener('online', woke, { signal })
  window.addEventListener('pagehide', () => events.leaving(), { signal })
  window.addEventListener('pageshow', (event) => event.persisted && events.returned(), { signal })
  return () => stop.abort()
}
