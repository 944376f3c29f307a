import type { Connection, RemoteStoreView, StoreContract } from '@nanopeer/core/adapter'
import { createRemoteStoreViews } from '@nanopeer/core/adapter'
import { type ComputedRef, computed, type MaybeRefOrGetter, type WritableComputedRef } from 'vue'
import { type Refs, useView } from './use-view'

/** What `useRemoteStore` gives: `value` may be assigned, which sets it on the device, and never throws. */
export type RemoteStoreRefs<Value> = Omit<Refs<RemoteStoreView<Value>>, 'value'> & {
  readonly value: WritableComputedRef<Value | undefined, Value>
}

/**
 * A device's store, held here: its latest state, and what sets it. Own writes show at once, and vanish where the device
 * refuses them; a device that is away leaves its last state, marked as stale. Where an
 * assignment to `value` fails, `error` says so.
 *
 * @param connection null means "not yet".
 * @param contract made by `store()`.
 * @example
 * const { value, isStale, setKey } = useRemoteStore(connection, settings)
 * // <template> <input v-model="value" :disabled="isStale"> </template>
 */
export function useRemoteStore<Value>(
  connection: MaybeRefOrGetter<Connection | null | undefined>,
  contract: MaybeRefOrGetter<StoreContract<Value>>,
): RemoteStoreRefs<Value> {
  const shown = useView(createRemoteStoreViews<Value>, connection, contract)
  // Whatever it holds is a ref: no value of a device's is a function.
  const latest = shown.value as ComputedRef<Value | undefined>
  const value = computed({ get: () => latest.value, set: (next: Value) => void shown.set(next) })
  return { ...shown, value } as RemoteStoreRefs<Value>
}
