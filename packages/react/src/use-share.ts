import { createShareViews, type Peer, type StoreAndOptions, type StoreContract } from '@nanopeer/core/adapter'
import { useView } from './use-view'

/**
 * Shares a store while mounted, always with the `write` of the latest render.
 *
 * @param peer null means "not yet".
 * @param contract made by `store()`.
 * @param $store one that can be set, where `write` is given.
 * @param options without `write`, others can only read it.
 * @example
 * useShare(peer, settings, $settings, { write: ({ remote }) => remote.authenticated })
 */
export function useShare<Value>(
  peer: Peer | null | undefined,
  contract: StoreContract<Value>,
  ...[$store, options]: StoreAndOptions<NoInfer<Value>>
): void {
  useView(createShareViews<Value>, peer, contract, $store, options)
}
