import { NanopeerError } from '../../src/base/errors'
import type { PeerOptions } from '../../src/base/types'
import { type Engine, provide } from '../../src/engine'
import { engine } from '../../src/engine/index'
import { createWorld } from './world'

interface Load {
  resolve(engine: Engine): void
  reject(error: unknown): void
}

/** A world in which laptops load their engine late: when the test says so. Devices have theirs. */
export const createLateWorld = () => {
  const world = createWorld({ delay: 20 })
  let loads: Load[] = []
  const lateTransport = provide(
    { ...world.net.transport },
    {
      engine: undefined,
      loadEngine: () => new Promise((resolve, reject) => loads.push({ resolve, reject })),
    },
  )

  const settle = (each: (load: Load) => void) => {
    const settling = loads
    loads = []
    for (const load of settling) each(load)
  }

  return {
    ...world,
    /** How many have asked for the engine and wait for it. */
    loading: () => loads.length,
    laptop: (options: PeerOptions = {}, id = 'laptop') =>
      world.create(id, { transport: lateTransport, ...options }),
    /** The engine is there for all who wait, and for all who come. */
    arrive() {
      provide(lateTransport, { engine })
      settle(({ resolve }) => resolve(engine))
    },
    /** Its file does not load. */
    fail(error = new NanopeerError('NETWORK', 'A file of nanopeer did not load.')) {
      settle(({ reject }) => reject(error))
    },
  }
}
