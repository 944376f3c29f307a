import {
  type ConnectOptions,
  createPeer,
  getPeer,
  type Peer,
  type PeerOptions,
  type Transport,
} from '@nanopeer/core'

/** The network of one test. */
export interface World {
  /** What a peer needs to be on it. */
  readonly options: PeerOptions
  /** Ids that have registered with signalling, and those that have left it, in order. */
  readonly joined: readonly string[]
  readonly left: readonly string[]
  /** An id that nobody else has. */
  id(name: string): string
  /** A peer that is open until the test is over. */
  peer(options?: PeerOptions): Promise<Peer>
  /** Does not wait long for a dial that reached a device in the moment in which it left. */
  readonly dialling: ConnectOptions
  /** Closes this peer when the test is over. */
  opened(peer: Peer): void
  close(): Promise<void>
}

/** A kind of network: peers use it through `transport`, with `options`. */
export interface Network {
  readonly name: string
  create(): { readonly transport: Transport; readonly options?: PeerOptions }
}

let worlds = 0

/** Lays a network out for one test, and keeps book of who is on it. */
export function createWorld(network: Network): World {
  const { transport, options } = network.create()
  const suffix = `${++worlds}-${Math.random().toString(36).slice(2, 8)}`
  const ids = new Set<string>()
  const peers = new Set<Peer>()
  const joined: string[] = []
  const left: string[] = []
  const counted: Transport = {
    ...transport,
    join(id, ...rest) {
      joined.push(id)
      const signalling = transport.join(id, ...rest)
      return {
        dial: (...given) => signalling.dial(...given),
        dialPlain: (...given) => signalling.dialPlain(...given),
        retry: () => signalling.retry(),
        leave() {
          left.push(id)
          return signalling.leave()
        },
      }
    },
  }
  const world: World = {
    options: {
      ...options,
      transport: counted,
      reconnect: { minDelay: 50, maxDelay: 200 },
      // What a handler throws, and what a remote does wrong, is part of the tests.
      onError: () => {},
    },
    dialling: { timeout: 10_000 },
    joined,
    left,
    id(name) {
      const id = `${name}-${suffix}`
      ids.add(id)
      return id
    },
    async peer(more) {
      const peer = createPeer(world.id(`peer-${peers.size}`), { ...world.options, ...more })
      world.opened(peer)
      await peer.open()
      return peer
    },
    opened(peer) {
      peers.add(peer)
    },
    async close() {
      // Peers that components have named are in the page's registry.
      const named = [...ids].filter((id) => joined.includes(id)).map((id) => getPeer(id, world.options))
      await Promise.all([...peers, ...named].map((peer) => peer.destroy()))
    },
  }
  return world
}
