import {
  createShareViews,
  type MayWrite,
  type Peer,
  type ReadableAtom,
  type SettableStore,
  type ShareOptions,
  type StoreContract,
} from '@nanopeer/core/adapter'
import { type MaybeGetter, useView } from './use-view'

/**
 * Shares a store while mounted. `write` reads runes when it runs, and so always those of now.
 *
 * @param peer null means "not yet".
 * @param contract made by `store()`.
 * @example
 * useShare(() => tablet.peer, settings, settingsStore, { write: ({ remote }) => remote.authenticated })
 */
export function useShare<Value>(
  peer: MaybeGetter<Peer | null | undefined>,
  contract: StoreContract<Value>,
  $store: MaybeGetter<SettableStore<NoInfer<Value>>>,
  options: MaybeGetter<ShareOptions<NoInfer<Value>> & { readonly write: MayWrite<NoInfer<Value>> }>,
): void
/** Shares a store that others can only read. */
export function useShare<Value>(
  peer: MaybeGetter<Peer | null | undefined>,
  contract: StoreContract<Value>,
  $store: MaybeGetter<ReadableAtom<NoInfer<Value>>>,
  options?: MaybeGetter<{ readonly write?: undefined } | undefined>,
): void
export function useShare<Value>(
  peer: MaybeGetter<Peer | null | undefined>,
  contract: StoreContract<Value>,
  $store: MaybeGetter<ReadableAtom<Value>>,
  options?: MaybeGetter<ShareOptions<Value> | undefined>,
): void {
  useView(createShareViews<Value>, peer, contract, $store, options)
}
