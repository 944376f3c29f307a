import { inject } from 'vitest'
import { plainSuite } from '../../core/test/support/plain-suite'
import { createPeer } from '../src/index'
import { createPeerjs } from './support/peerjs'

const server = { ...inject('signallingServer'), secure: false }

plainSuite({
  createPeer: (id, options) => createPeer(id, { server, iceServers: [], ...options }),
  async createPeerjs(id) {
    const peer = await createPeerjs(id)
    await new Promise((resolve, reject) => {
      peer.on('open', resolve)
      peer.on('error', reject)
    })
    return peer
  },
})
