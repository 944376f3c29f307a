import { load } from './base/load'
import type { Transport } from './base/transport'
import { type Engine, provisionOf } from './engine'

let loaded: Engine | null = null

/** The engine, where it is there already. */
export const engineAtHand = (transport: Transport): Engine | null => provisionOf(transport).engine ?? loaded

/**
 * Loads the engine, and with it what the transport needs: both are asked for in this turn. Rejects with `NETWORK` where its
 * file does not load.
 */
export const loadEngine = (transport: Transport): Promise<Engine> => {
  const { preload, loadEngine: loadLate = importEngine } = provisionOf(transport)
  // What fails here fails again where it is needed, and is reported there.
  preload?.().catch(() => {})
  return loadLate()
}

const importEngine = async (): Promise<Engine> => {
  const { engine } = await load('nanopeer', () => import('./engine/index'), 'engine')
  loaded = engine
  return engine
}
