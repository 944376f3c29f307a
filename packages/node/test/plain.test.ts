import { inject } from 'vitest'
import { loadPeerjs } from '../../core/test/support/load-peerjs'
import { plainSuite } from '../../core/test/support/plain-suite'
import { installGlobals } from '../src/globals'
import { createPeer } from '../src/index'

const server = { ...inject('peerServer'), secure: false }

plainSuite({
  createPeer: (id, options) => createPeer(id, { server, iceServers: [], ...options }),
  async createPeerjs(id) {
    await installGlobals()
    const Peerjs = await loadPeerjs()
    const peer = new Peerjs(id, { ...server, config: { iceServers: [] } })
    await new Promise((resolve, reject) => {
      peer.on('open', resolve)
      peer.on('error', reject)
    })
    return peer
  },
})
