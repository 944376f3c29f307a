import { type ReadableAtom, type StoreArgument, storeOrNone } from '@nanopeer/core/adapter'
import { type ComputedRef, computed, type MaybeRefOrGetter, toValue } from 'vue'
import { useLatest } from './use-view'

/**
 * The value of a store, as a ref that follows it.
 *
 * @param $store null means "not yet": undefined.
 * @example
 * const requests = useStore(() => connection.value?.$requests)
 */
export function useStore<Value>($store: MaybeRefOrGetter<ReadableAtom<Value>>): Readonly<ComputedRef<Value>>
export function useStore<Value>(
  $store: MaybeRefOrGetter<StoreArgument<Value>>,
): Readonly<ComputedRef<Value | undefined>>
export function useStore($store: MaybeRefOrGetter<StoreArgument<unknown>>): ComputedRef<unknown> {
  return computed(useLatest(() => storeOrNone(toValue($store))))
}
