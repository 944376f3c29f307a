import { createShareViews, type Peer, type StoreAndOptions, type StoreContract } from '@nanopeer/core/adapter'
import { type Given, type MaybeGetter, useView } from './use-view'

/**
 * Shares a store while mounted. `write` reads runes when it runs, and so always those of now.
 *
 * @param peer null means "not yet".
 * @param contract made by `store()`.
 * @param $store one that can be set, where `write` is given.
 * @param options without `write`, others can only read it.
 * @example
 * useShare(() => tablet.peer, settings, settingsStore, { write: ({ remote }) => remote.authenticated })
 */
export function useShare<Value>(
  peer: MaybeGetter<Peer | null | undefined>,
  contract: StoreContract<Value>,
  ...[$store, options]: Given<StoreAndOptions<NoInfer<Value>>>
): void {
  useView(createShareViews<Value>, peer, contract, $store, options)
}
