import { onStart, onStop, type ReadableAtom } from 'nanostores'
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

  const beginIfHeld = () => {
    if (holders > 0 && end === null) end = begin()
  }
  const endIfLeft = () => {
    if (holders > 0) return
    end?.()
    end = null
    forgotten()
  }

  return (): (() => void) => {
    let holding = true
    if (++holders === 1) queueMicrotask(beginIfHeld)
    return () => {
      if (!holding) return
      holding = false
      if (--holders === 0) systemClock.after(0, endIfLeft)
    }
  }
}

/** Holds for as long as the store has listeners. `hold` is called before the first of them is attached. */
export const holdWhileListened = ($store: ReadableAtom, hold: () => () => void): void => {
  let release = () => {}
  onStart($store, () => {
    release = hold()
  })
  onStop($store, () => release())
}
