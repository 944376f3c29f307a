/**
 * Time as the core sees it. One seam, so that a test network can run hours of back-off and liveness in
 * milliseconds, and so that no timer can be started without its undo at hand.
 */
export interface Clock {
  /** Milliseconds on a clock that never goes back. */
  now(): number
  /** Runs `fn` once, `ms` from now. Returns its undo. */
  after(ms: number, fn: () => void): () => void
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, fn) {
    const timer = setTimeout(fn, ms)
    return () => clearTimeout(timer)
  },
}
