import { carryEngine } from '../../src/engine/carry'
import { createPeerjsTransport } from '../../src/peer/peerjs-transport'

/** PeerJS in a browser, for tests that join by themselves: a peer would have loaded the engine first. */
export const realTransport = carryEngine(createPeerjsTransport({ isSupported: () => true }))
