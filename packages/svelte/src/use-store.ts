import { type ReadableAtom, type StoreArgument, storeOrNone } from '@nanopeer/core/adapter'
import { type MaybeGetter, toValue, useFields } from './use-view'

/**
 * The value of a store as `current`, which follows it. In a template, `$requests` of a store in a variable does too.
 *
 * @param $store null means "not yet": undefined.
 * @example
 * const requests = useStore(() => nas.connection?.$requests)
 * // {requests.current?.length} under way
 */
export function useStore<Value>($store: MaybeGetter<ReadableAtom<Value>>): { readonly current: Value }
export function useStore<Value>($store: MaybeGetter<StoreArgument<Value>>): {
  readonly current: Value | undefined
}
export function useStore($store: MaybeGetter<StoreArgument<unknown>>): { readonly current: unknown } {
  const find = () => storeOrNone(toValue($store))
  return useFields(find, (current) => ({ current }), { current: undefined })
}
