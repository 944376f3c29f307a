import type { Connection, RemoteStoreView, StoreContract } from '@nanopeer/core/adapter'
import { createRemoteStoreViews } from '@nanopeer/core/adapter'
import { useView } from './use-view'

/**
 * A device's store, held here: its latest state, and what sets it. Own writes show at once, and vanish where the device
 * refuses them; a device that is away leaves its last state, marked as stale.
 *
 * @param connection null means "not yet".
 * @param contract made by `store()`.
 * @example
 * const { value, isStale, setKey } = useRemoteStore(connection, settings)
 * return <input value={value?.target ?? ''} onChange={(event) => setKey('target', Number(event.target.value))} />
 */
export function useRemoteStore<Value>(
  connection: Connection | null | undefined,
  contract: StoreContract<Value>,
): RemoteStoreView<Value> {
  return useView(createRemoteStoreViews<Value>, connection, contract)
}
