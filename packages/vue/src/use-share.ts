import {
  createShareViews,
  type MayWrite,
  type Peer,
  type ReadableAtom,
  type SettableStore,
  type ShareOptions,
  type StoreContract,
} from '@nanopeer/core/adapter'
import type { MaybeRefOrGetter } from 'vue'
import { useView } from './use-view'

/**
 * Shares a store while mounted. `write` reads refs when it runs, and so always those of now.
 *
 * @param peer null means "not yet".
 * @param contract made by `store()`.
 * @example
 * useShare(peer, settings, $settings, { write: ({ remote }) => remote.authenticated })
 */
export function useShare<Value>(
  peer: MaybeRefOrGetter<Peer | null | undefined>,
  contract: StoreContract<Value>,
  $store: MaybeRefOrGetter<SettableStore<NoInfer<Value>>>,
  options: MaybeRefOrGetter<ShareOptions<NoInfer<Value>> & { readonly write: MayWrite<NoInfer<Value>> }>,
): void
/** Shares a store that others can only read. */
export function useShare<Value>(
  peer: MaybeRefOrGetter<Peer | null | undefined>,
  contract: StoreContract<Value>,
  $store: MaybeRefOrGetter<ReadableAtom<NoInfer<Value>>>,
  options?: MaybeRefOrGetter<{ readonly write?: undefined } | undefined>,
): void
export function useShare<Value>(
  peer: MaybeRefOrGetter<Peer | null | undefined>,
  contract: StoreContract<Value>,
  $store: MaybeRefOrGetter<ReadableAtom<Value>>,
  options?: MaybeRefOrGetter<ShareOptions<Value> | undefined>,
): void {
  useView(createShareViews<Value>, peer, contract, $store, options)
}
