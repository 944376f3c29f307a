import { afterEach } from 'vitest'
import type { Connection, Peer, PeerOptions } from '../../src/base/types'
import { createPeer } from '../../src/peer/registry'
import { createTestNetwork, type TestNetworkOptions } from '../../testing'
import { VirtualClock } from './virtual-clock'

const worlds: { clock: VirtualClock; peers: Peer[] }[] = []

afterEach(async () => {
  for (const { clock, peers } of worlds.splice(0)) {
    let left = peers.length
    for (const peer of peers) void peer.destroy().then(() => left--)
    await clock.runUntil(() => left === 0)
  }
})

/** A test network in virtual time, whose peers are destroyed when the test is over. */
export const createWorld = (network: TestNetworkOptions = {}) => {
  const clock = new VirtualClock()
  const net = createTestNetwork({ clock, ...network })
  const peers: Peer[] = []
  worlds.push({ clock, peers })

  /** A peer that nothing holds yet. */
  const create = (id: string, options: PeerOptions = {}): Peer => {
    const peer = createPeer(id, { transport: net.transport, onError: () => {}, ...options })
    peers.push(peer)
    return peer
  }

  /** Waits in virtual time; the promise's own outcome is kept. */
  const settled = <Value>(promise: Promise<Value>): Promise<Value> => clock.settled(promise)

  /** A device that serves anyone, held open. */
  const device = (id = 'nas', options: PeerOptions = {}): Peer => {
    const peer = create(id, { accept: 'anyone', ...options })
    // Destroyed before it was open, in a test that is shorter than that.
    peer.open().catch(() => {})
    return peer
  }

  const state = (of: Peer | Connection) => of.$status.value?.state

  return { clock, net, create, device, settled, state }
}
