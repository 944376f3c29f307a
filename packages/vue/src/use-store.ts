import type { ReadableAtom, View } from '@nanopeer/core/adapter'
import { type ComputedRef, computed, type MaybeRefOrGetter, toValue } from 'vue'
import { useLatest } from './use-view'

/**
 * The value of a store, as a ref that follows it.
 *
 * @example
 * const requests = useStore(connection.$requests)
 */
export function useStore<Value>($store: MaybeRefOrGetter<ReadableAtom<Value>>): Readonly<ComputedRef<Value>> {
  return computed(useLatest(() => toValue($store) as View<Value>))
}
