import { afterEach } from 'vitest'
import { type Connection, createPeer, type Peer, type PeerOptions } from '../../src/index'
import { createTestNetwork, type TestNetwork } from '../../testing/index'

const peers = new Set<Peer>()

afterEach(async () => {
  await Promise.all([...peers].map((peer) => peer.destroy()))
  peers.clear()
})

/** A device that is open, and a connection to it that nothing has dialled yet, on a network in memory. */
export interface Pair {
  readonly net: TestNetwork
  readonly laptop: Peer
  readonly connection: Connection
  device: Peer
  /** What anybody's `onError` has heard. */
  readonly errors: unknown[]
  /** One more who asks, by its id. */
  join(id: string): { readonly peer: Peer; readonly connection: Connection }
  /** Ends the device, and begins another under its id, which knows nothing. */
  restart(serve: (device: Peer) => void): Promise<void>
}

export const createPair = async (serve: (device: Peer) => void): Promise<Pair> => {
  const net = createTestNetwork()
  const errors: unknown[] = []
  const options: PeerOptions = {
    transport: net.transport,
    reconnect: { minDelay: 10, maxDelay: 20 },
    onError: (error) => errors.push(error),
  }
  const create = (id: string, more?: PeerOptions) => {
    const peer = createPeer(id, { ...options, ...more })
    peers.add(peer)
    return peer
  }
  const start = async (serveIt: (device: Peer) => void) => {
    const device = create('nas', { accept: 'anyone' })
    serveIt(device)
    await device.open()
    return device
  }
  const laptop = create('laptop')
  const pair: Pair = {
    net,
    errors,
    laptop,
    connection: laptop.connect('nas'),
    device: await start(serve),
    join(id) {
      const peer = create(id)
      return { peer, connection: peer.connect('nas') }
    },
    async restart(serveAgain) {
      await pair.device.destroy()
      pair.device = await start(serveAgain)
    },
  }
  return pair
}

/** Some turns of the event loop: all that is under way in memory has happened. */
export const turns = async (count = 20): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setTimeout(resolve))
}
