import { createPeerjsTransport, type PeerjsTransportOptions, type Transport } from '@nanopeer/core'
import { carryEngine } from '@nanopeer/core/engine'
import { installGlobals } from './globals'
import { loadWebSocket, withWebSocket } from './web-socket'

/** What Node brings to PeerJS: WebRTC by node-datachannel and WebSocket by ws, loaded when the first peer needs them. */
export const nodeEnvironment: PeerjsTransportOptions = {
  async prepare() {
    await Promise.all([installGlobals(), loadWebSocket()])
  },
  withWebSocket,
  isSupported: () => true,
  closesEarly: true,
}

/** PeerJS over node-datachannel and ws. */
export const nodeTransport: Transport = carryEngine(createPeerjsTransport(nodeEnvironment))
