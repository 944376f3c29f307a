import { atom, onStart, onStop, type ReadableAtom } from 'nanostores'
import { isSameSnapshot } from './request/equal'
import { tell } from './store'

/** A store of snapshots. `init` is what a server renders, and so the first client render. */
export type View<Value> = ReadableAtom<Value> & { readonly init: Value; readonly value: Value }

/**
 * Creates a store of what something else says, which is asked whenever the store is read: of two stores that a render
 * reads before it listens, neither may say what no longer is. A snapshot that says the same is the same object.
 *
 * @param now what is so now
 * @param hold called with the first listener, and told whom to tell of changes; returns its undo
 */
export function derive<Value>(
  init: Value,
  now: () => Value,
  hold: (changed: () => void) => () => void,
): View<Value> {
  const $view = atom<unknown>(init)
  let kept = init
  let told = init
  let release = () => {}
  const look = (): Value => {
    const value = now()
    if (!isSameSnapshot(kept, value)) kept = value
    return kept
  }
  Object.defineProperty($view, 'value', { get: look })
  const changed = () => {
    const before = told
    told = look()
    // Whoever tells of a change has others to tell, too.
    if (told !== before) tell(() => $view.notify(before))
  }
  onStart($view, () => {
    release = hold(changed)
    told = look()
  })
  onStop($view, () => release())
  return $view as View<Value>
}

/** One undo of several, in their order. */
export const undoAll =
  (...all: readonly (() => void)[]) =>
  (): void => {
    for (const undo of all) undo()
  }

/** Holds other stores: `derive` is told when one of them changes. */
export const listenTo =
  (...sources: readonly ReadableAtom[]) =>
  (changed: () => void): (() => void) =>
    undoAll(...sources.map(($source) => $source.listen(changed)))
