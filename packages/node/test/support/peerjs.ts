import { inject } from 'vitest'
import { creatorIn, type PeerjsPeer } from '../../../core/src/engine/signalling/peerjs'
import { importPeerjs, type loadPeerjs } from '../../../core/test/support/load-peerjs'
import { withWebSocket } from '../../src/web-socket'
import { prepareWebrtc } from './webrtc'

type Peer = InstanceType<Awaited<ReturnType<typeof loadPeerjs>>>

/** A bare PeerJS client in this process. It dials the tests' server at once. */
export const createPeerjs = async (id: string): Promise<Peer & PeerjsPeer> => {
  await prepareWebrtc()
  const create = creatorIn(await importPeerjs())
  const server = { ...inject('signallingServer'), secure: false }
  const peer = withWebSocket(() => create(id, { ...server, config: { iceServers: [] } }))
  return peer as PeerjsPeer & Peer
}
