import { createPeerjsTransport, type Transport } from '@nanopeer/core'
import { carryEngine } from '@nanopeer/core/engine'
import { installGlobals } from './globals'

/** PeerJS over node-datachannel and ws, all of it loaded when the first peer needs it. */
export const nodeTransport: Transport = carryEngine(
  createPeerjsTransport({ prepare: installGlobals, isSupported: () => true, closesEarly: true }),
)
