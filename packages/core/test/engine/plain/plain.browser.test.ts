import { Peer as PeerjsPeer } from 'peerjs'
import { inject } from 'vitest'
import { createPeer } from '../../../src/index'
import { plainSuite } from '../../support/plain-suite'

const server = { ...inject('signallingServer'), secure: false }

plainSuite({
  createPeer: (id, options) => createPeer(id, { server, iceServers: [], ...options }),
  createPeerjs: (id) =>
    new Promise((resolve, reject) => {
      const peer = new PeerjsPeer(id, { ...server, config: { iceServers: [] } })
      peer.on('open', () => resolve(peer))
      peer.on('error', reject)
    }),
})
