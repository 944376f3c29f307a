import { createPairingViews, type PairingView, type Peer } from '@nanopeer/core/adapter'
import { type MaybeGetter, useView } from './use-view'

/**
 * Shows a code by which one other device pairs with this one, when told to. Ends with the component: a code that nobody sees
 * is good for nothing.
 *
 * @param peer with an `identity`; null means "not yet": what is begun then fails with `INVALID_INPUT`.
 * @example
 * const pairing = usePairing(() => laptop.peer)
 * // {#if pairing.status === 'waiting'}<output>{pairing.code}</output>{:else}<button onclick={pairing.pair}>Pair a device</button>{/if}
 */
export function usePairing(peer: MaybeGetter<Peer | null | undefined>): PairingView {
  return useView(createPairingViews, peer)
}
