import type { Connection, RemoteStoreView, StoreContract } from '@nanopeer/core/adapter'
import { createRemoteStoreViews } from '@nanopeer/core/adapter'
import { type MaybeGetter, useView } from './use-view'

/** What `useRemoteStore` gives: `value` may be assigned, which sets it on the device, and never throws. */
export type AssignableRemoteStore<Value> = Omit<RemoteStoreView<Value>, 'value'> & {
  get value(): Value | undefined
  set value(next: Value)
}

/**
 * A device's store, held here: its latest state, and what sets it. Own writes show at once, and vanish where the device
 * refuses them; a device that is away leaves its last state, marked as stale. Where an
 * assignment to `value` fails, `error` says so.
 *
 * @param connection null means "not yet".
 * @param contract made by `store()`.
 * @example
 * const remote = useRemoteStore(() => nas.connection, volume)
 * // <input type="range" bind:value={remote.value} disabled={remote.isStale}>
 */
export function useRemoteStore<Value>(
  connection: MaybeGetter<Connection | null | undefined>,
  contract: MaybeGetter<StoreContract<Value>>,
): AssignableRemoteStore<Value> {
  const shown = useView(createRemoteStoreViews<Value>, connection, contract)
  return Object.defineProperty(shown, 'value', { set: (next: Value) => void shown.set(next) })
}
