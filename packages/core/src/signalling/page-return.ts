/**
 * Calls back when the page may have missed something: it is visible again, was frozen, comes back from the
 * back/forward cache, or the machine is online again. Timers were throttled meanwhile, and sockets may be dead.
 *
 * @returns its undo. Outside a page it does nothing.
 */
export const onPageReturn = (returned: () => void): (() => void) => {
  if (typeof document === 'undefined') return () => {}
  const onVisibility = () => {
    if (document.visibilityState === 'visible') returned()
  }
  const onPageShow = ({ persisted }: PageTransitionEvent) => {
    if (persisted) returned()
  }
  document.addEventListener('visibilitychange', onVisibility)
  // Source: https://wicg.github.io/page-lifecycle/
  document.addEventListener('resume', returned)
  addEventListener('pageshow', onPageShow)
  addEventListener('online', returned)
  return () => {
    document.removeEventListener('visibilitychange', onVisibility)
    document.removeEventListener('resume', returned)
    removeEventListener('pageshow', onPageShow)
    removeEventListener('online', returned)
  }
}
