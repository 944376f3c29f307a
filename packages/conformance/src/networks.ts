import { createPeerjsTransport } from '@nanopeer/core'
import { createTestNetwork } from '@nanopeer/core/testing'
import { inject } from 'vitest'
import type { Network } from './world'

/** The network of the test kit. */
export const inMemory: Network = {
  name: 'in memory',
  create: () => ({ transport: createTestNetwork().transport }),
}

/** A real signalling server and real data channels, between peers of this page. */
export const overWebRtc: Network = {
  name: 'over WebRTC',
  create: () => ({
    transport: createPeerjsTransport({ isSupported: () => true }),
    options: { server: { ...inject('signallingServer'), secure: false }, iceServers: [] },
  }),
}
