import type { ReadableAtom, WritableAtom } from 'nanostores'

/** What changes a store, as the machines say it. */
export interface Cause {
  readonly type: string
  readonly error?: { readonly code: string } | null
}

/** `action` of `@nanostores/logger`: gives a function that runs `change` under a name that loggers show. */
export type StoreAction = (
  $store: WritableAtom,
  name: string,
  change: ($store: WritableAtom) => void,
) => () => void

/** The stores whose changes somebody wants named. */
const named = new WeakMap<ReadableAtom, StoreAction>()

/**
 * Lets `@nanostores/logger` say why a status changed, such as `lost (CONNECTION_LOST)`: the events in `docs/states.md`.
 * Neither this nor the logger holds a peer or a connection open. Returns its undo.
 *
 * @param action the logger's
 * @param stores the `$status` of peers and connections; other stores change as before
 * @example
 * import { action, logger } from '@nanostores/logger'
 * nameCauses(action, laptop.$status, nas.$status)
 * logger({ laptop: laptop.$status, 'laptop → nas': nas.$status })
 */
export const nameCauses = (action: StoreAction, ...stores: readonly ReadableAtom[]): (() => void) => {
  for (const $store of stores) named.set($store, action)
  return () => {
    for (const $store of stores) {
      if (named.get($store) === action) named.delete($store)
    }
  }
}

/** Runs `set` with the store to set: under the cause's name, where somebody wants that. */
export const setUnderName = <Value>(
  $store: WritableAtom<Value>,
  cause: Cause | undefined,
  set: ($store: WritableAtom<Value>) => void,
): void => {
  const action = cause && named.get($store)
  if (!action) {
    set($store)
    return
  }
  const name = cause.error ? `${cause.type} (${cause.error.code})` : cause.type
  action($store as WritableAtom, name, ($named) => set($named as WritableAtom<Value>))()
}
