import type { ReadableAtom, View } from '@nanopeer/core/adapter'
import { type MaybeGetter, toValue, useLatest } from './use-view'

/**
 * The value of a store as `current`, which follows it. In a template, `$requests` of a store in a variable does too.
 *
 * @example
 * const requests = useStore(() => nas.connection.$requests)
 * // {requests.current.length} under way
 */
export function useStore<Value>($store: MaybeGetter<ReadableAtom<Value>>): { readonly current: Value } {
  const latest = useLatest(() => toValue($store) as View<Value>)
  return {
    get current() {
      return latest()
    },
  }
}
