import { NanopeerError } from '../base/errors'
import type { Connection } from '../base/types'
import { derive } from '../derive'
import type { StoreContract } from '../remote-store/contract'
import {
  observeRemoteStore,
  type RemoteStoreObserver,
  type RemoteStoreWrites,
} from '../remote-store/remote-store'
import { pendingStore, type RemoteStoreState } from '../remote-store/replica'
import { nothing, remember, type Views } from './view'

/** What `useRemoteStore` gives. All functions are stable, and act on the connection of now. */
export type RemoteStoreView<Value = unknown> = RemoteStoreState<Value> & RemoteStoreWrites<Value>

/** What `useRemoteStore` is called with: a connection, or null for "not yet", and the store's contract. */
export type RemoteStoreArguments<Value = unknown> = readonly [
  connection: Connection | null | undefined,
  contract: StoreContract<Value>,
]

/** What stands behind `useRemoteStore`. */
export function createRemoteStoreViews<Value>(): Views<RemoteStoreArguments<Value>, RemoteStoreView<Value>> {
  const writes: RemoteStoreWrites<Value> = {
    set: (next) => views.current()?.set(next) ?? notYet(),
    setKey: (key, value) => views.current()?.setKey(key, value) ?? notYet(),
    update: (change) => views.current()?.update(change) ?? notYet(),
  }
  const none: RemoteStoreView<Value> = { ...pendingStore, status: 'idle', ...writes }
  const views = remember<
    RemoteStoreArguments<Value>,
    RemoteStoreObserver<Value> | null,
    RemoteStoreView<Value>
  >(
    (connection, { name }) => [connection ?? null, name],
    (_shown, connection, contract) => {
      if (!connection) return nothing(none)
      const observer = observeRemoteStore(connection, contract)
      const init: RemoteStoreView<Value> = { ...pendingStore, ...writes }
      const now = () => ({ ...observer.now(), ...writes })
      return { subject: observer, $view: derive(init, now, observer.hold) }
    },
  )
  return views
}

const notYet = (): Promise<never> => {
  const text = 'There is no connection to write this to yet: wait until it is not null.'
  const rejected = Promise.reject(new NanopeerError('INVALID_INPUT', text))
  // As a write that fails: whoever clicks need not catch it.
  rejected.catch(() => {})
  return rejected
}
