import { type Engine, provisionOf } from './engine'
import { load } from './load'
import type { Transport } from './transport'

let loaded: Engine | null = null

/** The engine, where it is there already. */
export const engineAtHand = (transport: Transport): Engine | null => provisionOf(transport).engine ?? loaded

/** Loads the engine, and with it what the transport needs. Rejects with `NETWORK` where its file does not load. */
export const loadEngine = async (transport: Transport): Promise<Engine> => {
  // What fails here fails again where it is needed, and is reported there.
  provisionOf(transport)
    .preload?.()
    .catch(() => {})
  const { engine } = await load('nanopeer', () => import('./engine/index'))
  loaded = engine
  return engine
}
