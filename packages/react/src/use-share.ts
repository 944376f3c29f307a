import {
  createShareViews,
  type MayWrite,
  type Peer,
  type ReadableAtom,
  type SettableStore,
  type ShareOptions,
  type StoreContract,
} from '@nanopeer/core/adapter'
import { useView } from './use-view'

/**
 * Shares a store while mounted, always with the `write` of the latest render.
 *
 * @param peer null means "not yet".
 * @param contract made by `store()`.
 * @example
 * useShare(peer, settings, $settings, { write: ({ remote }) => remote.authenticated })
 */
export function useShare<Value>(
  peer: Peer | null | undefined,
  contract: StoreContract<Value>,
  $store: SettableStore<NoInfer<Value>>,
  options: ShareOptions<NoInfer<Value>> & { readonly write: MayWrite<NoInfer<Value>> },
): void
/** Shares a store that others can only read. */
export function useShare<Value>(
  peer: Peer | null | undefined,
  contract: StoreContract<Value>,
  $store: ReadableAtom<NoInfer<Value>>,
  options?: { readonly write?: undefined } | undefined,
): void
export function useShare<Value>(
  peer: Peer | null | undefined,
  contract: StoreContract<Value>,
  $store: ReadableAtom<Value>,
  options?: ShareOptions<Value> | undefined,
): void {
  useView(createShareViews<Value>, peer, contract, $store, options)
}
