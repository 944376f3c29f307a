import {
  currentValue,
  initialValue,
  type ReadableAtom,
  type StoreArgument,
  storeOrNone,
} from '@nanopeer/core/adapter'
import { useSyncExternalStore } from 'react'

/**
 * The value of a store, and a new render whenever it changes.
 *
 * @param $store null means "not yet": undefined.
 * @example
 * const requests = useStore(connection?.$requests)
 */
export function useStore<Value>($store: ReadableAtom<Value>): Value
export function useStore<Value>($store: StoreArgument<Value>): Value | undefined
export function useStore<Value>($given: StoreArgument<Value>): Value | undefined {
  const $store = storeOrNone($given)
  return useSyncExternalStore(
    $store.listen,
    () => currentValue($store),
    () => initialValue($store),
  )
}
