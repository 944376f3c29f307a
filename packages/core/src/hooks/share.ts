import type { ReadableAtom } from 'nanostores'
import type { Peer } from '../base/types'
import type { StoreContract } from '../remote-store/contract'
import { type ShareOptions, share } from '../remote-store/share'
import type { SettableStore, StoreWrite } from '../remote-store/shared-store'
import { acting, remember, type Views } from './view'

/** What `useShare` is called with; a store that `write` is given for can be set. */
export type ShareArguments<Value = unknown> = readonly [
  peer: Peer | null | undefined,
  contract: StoreContract<Value>,
  $store: ReadableAtom<Value>,
  options?: ShareOptions<Value>,
]

/** What stands behind `useShare`: shared, and the peer held, while listened to. There is nothing to see. */
export function createShareViews<Value>(): Views<ShareArguments<Value>, null> {
  let latest: ShareOptions<Value> = {}
  const write = (asked: StoreWrite<Value>) => latest.write?.(asked) ?? false
  const views = remember<ShareArguments<Value>, null, null>(
    (peer, { name, schema }, $store, options) => [peer ?? null, name, schema, $store, !options?.write],
    (_shown, peer, contract, $store, options) =>
      acting(peer, (peer) =>
        options?.write
          ? share(peer, contract, $store as SettableStore<Value>, { write })
          : share(peer, contract, $store),
      ),
  )
  const commit = (...[, , , options]: ShareArguments<Value>) => {
    latest = options ?? {}
  }
  return { ...views, commit }
}
