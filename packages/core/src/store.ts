import { atom, onStart, onStop, type WritableAtom } from 'nanostores'
import { type Cause, setUnderName } from './causes'

/** Throws `error` where the environment reports uncaught errors, not in the middle of our own work. */
export const throwLater = (error: unknown): void => {
  queueMicrotask(() => {
    throw error
  })
}

/** Calls what is somebody else's. What it throws is its owner's error, and breaks nothing of whoever calls it. */
export const tell = (call: () => void): void => {
  try {
    call()
  } catch (error) {
    throwLater(error)
  }
}

/** Sets a store, whatever its listeners throw. */
export const publish = <Value>($store: WritableAtom<Value>, value: Value, cause?: Cause): void => {
  setUnderName($store, cause, ($named) => tell(() => $named.set(value)))
}

/** An atom that tells when it is listened to: that is what holds peers and connections open. */
export const observedAtom = <Value>(value: Value, observed: () => () => void): WritableAtom<Value> => {
  const $store = atom(value)
  let undo: (() => void) | null = null
  onStart($store, () => {
    undo ??= observed()
  })
  onStop($store, () => {
    undo?.()
    undo = null
  })
  return $store
}
