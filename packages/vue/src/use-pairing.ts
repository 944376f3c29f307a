import { createPairingViews, type PairingView, type Peer } from '@nanopeer/core/adapter'
import type { MaybeRefOrGetter } from 'vue'
import { type Refs, useView } from './use-view'

/**
 * Shows a code by which one other device pairs with this one, when told to. Ends with the component: a code that nobody sees
 * is good for nothing.
 *
 * @param peer with an `identity`; null means "not yet": what is begun then fails with `INVALID_INPUT`.
 * @example
 * const { status, code, pair } = usePairing(peer)
 * // <template> <output v-if="status === 'waiting'">{{ code }}</output> <button v-else @click="pair">Pair a device</button>
 */
export function usePairing(peer: MaybeRefOrGetter<Peer | null | undefined>): Refs<PairingView> {
  return useView(createPairingViews, peer)
}
