import type { ReadableAtom } from '@nanopeer/core/adapter'
import { useSyncExternalStore } from 'react'

/**
 * The value of a store, and a new render whenever it changes.
 *
 * @example
 * const requests = useStore(connection.$requests)
 */
export function useStore<Value>($store: ReadableAtom<Value>): Value {
  // `get()` would start what the store stands for, on a server too.
  return useSyncExternalStore(
    $store.listen,
    () => $store.value as Value,
    () => $store.init as Value,
  )
}
