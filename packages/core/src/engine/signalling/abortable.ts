import type { Clock } from '../../base/clock'

/** Settles like the promise, or rejects with the signal's reason if that comes first. */
export const abortable = <Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> => {
  if (signal.aborted) {
    // Nobody hears any more how it ends.
    promise.catch(() => {})
    return Promise.reject(signal.reason)
  }
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    const settle = () => signal.removeEventListener('abort', onAbort)
    signal.addEventListener('abort', onAbort)
    promise.then(resolve, reject).finally(settle)
  })
}

/** Resolves after `ms`, or rejects with the signal's reason if that comes first; no timer stays behind. */
export const pause = (clock: Clock, ms: number, signal: AbortSignal): Promise<void> => {
  let stop = () => {}
  const over = new Promise<void>((resolve) => {
    stop = clock.after(ms, resolve)
  })
  return abortable(over, signal).finally(stop)
}
