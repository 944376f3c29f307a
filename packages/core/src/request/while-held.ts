import { systemClock } from '../base/clock'

/**
 * Something that runs while anybody holds it. It begins in the microtask after the first holder, so that a store
 * that is only read (nanostores' `get()` listens for an instant) begins nothing, and ends one task after the last
 * holder is gone, so that React's StrictMode, which unmounts and mounts again at once, does not end it.
 *
 * @param begin starts it; returns its undo.
 * @param forgotten called when the last holder has been gone for a task, begun or not.
 * @returns adds a holder; returns the undo of that.
 */
export const whileHeld = (begin: () => () => void, forgotten = () => {}) => {
  let holders = 0
  let end: (() => void) | null = null
  let stopTimer = () => {}

  const beginIfHeld = () => {
    if (holders > 0 && end === null) end = begin()
  }
  const endNow = () => {
    end?.()
    end = null
    forgotten()
  }

  return (): (() => void) => {
    let holding = true
    stopTimer()
    if (++holders === 1) queueMicrotask(beginIfHeld)
    return () => {
      if (!holding) return
      holding = false
      if (--holders === 0) stopTimer = systemClock.after(0, endNow)
    }
  }
}
