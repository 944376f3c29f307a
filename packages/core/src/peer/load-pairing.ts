import { load } from '../base/load'
import type { Transport } from '../base/transport'
import { engineAtHand, loadEngine } from '../load-engine'

/** Loads what pairs, and what it joins the network with. Rejects with `NETWORK` where a file does not load. */
export const loadPairing = async (transport: Transport) => {
  const pairing = load('nanopeer for pairing', () => import('../engine/pairing/index'), 'pair')
  // Told below; the engine, which is waited for before, may fail first.
  pairing.catch(() => {})
  if (!engineAtHand(transport)) await loadEngine(transport)
  return pairing
}
