import { afterEach, describe, expect, test } from 'vitest'
import type { Link, Transport } from '../../../src/base/transport'
import type { Connection, Peer, PeerOptions } from '../../../src/base/types'
import { createPeer, generateSecret } from '../../../src/index'
import { createTestNetwork, type TestNetwork } from '../../../testing'
import { newIdentity } from '../../support/identities'

const peers: Peer[] = []

afterEach(async () => {
  await Promise.all(peers.splice(0).map((peer) => peer.destroy()))
})

/** Trips between two ends, of which each leg waits for the one before (Lamport's clock), whatever each leg takes. */
class Trips {
  /** The longest such way to what each end has heard. */
  private readonly heard = new Map<string, number>()
  private readonly flying = new Map<string, number[]>()
  private readonly messages = new Map<string, number>()

  /** Messages that this end has heard. */
  messagesAt(id: string): number {
    return this.messages.get(id) ?? 0
  }

  /** What has come to this end by now has taken so many, there and back. */
  countAt(id: string): number {
    return this.heard.get(id) ?? 0
  }

  /** To call where no link is up: what was on its way over the last one never came. */
  reset(): void {
    this.heard.clear()
    this.flying.clear()
  }

  watch(transport: Transport): Transport {
    return {
      ...transport,
      join: (id, options, events) => {
        const signalling = transport.join(id, options, {
          ...events,
          link: (link, standing) => events.link(this.watched(link, id), standing),
        })
        const dial = signalling.dial.bind(signalling)
        signalling.dial = async (remoteId, given) => this.watched(await dial(remoteId, given), id)
        return signalling
      },
    }
  }

  private watched(link: Link, id: string): Link {
    const [send, listen] = [link.send.bind(link), link.listen.bind(link)]
    link.send = (message) => {
      this.towards(link.remoteId).push(this.countAt(id) + 1)
      send(message)
    }
    link.listen = (events) =>
      listen({
        ...events,
        message: (bytes) => {
          this.messages.set(id, this.messagesAt(id) + 1)
          this.heard.set(id, Math.max(this.countAt(id), this.towards(id).shift() ?? 0))
          events.message(bytes)
        },
      })
    return link
  }

  private towards(id: string): number[] {
    const flying = this.flying.get(id) ?? []
    this.flying.set(id, flying)
    return flying
  }
}

interface Scene {
  readonly net: TestNetwork
  readonly trips: Trips
  readonly connection: Connection
  /** One-way trips to the answer of a request that waits for the link. */
  ask(): Promise<number>
}

const createScene = async (device: PeerOptions = {}, laptop: PeerOptions = {}): Promise<Scene> => {
  const net = createTestNetwork({ delay: 5 })
  const trips = new Trips()
  const transport = trips.watch(net.transport)
  const create = async (id: string, options: PeerOptions) => {
    const peer = createPeer(id, { transport, reconnect: { minDelay: 10, maxDelay: 20 }, ...options })
    peers.push(peer)
    await peer.open()
    return peer
  }
  const nas = await create('nas', { accept: 'anyone', ...device })
  nas.handle('echo', (value) => value)
  const connection = (await create('laptop', laptop)).connect('nas')
  const ask = async () => {
    trips.reset()
    await connection.request('echo', 1)
    return trips.countAt('laptop')
  }
  return { net, trips, connection, ask }
}

const untilState = ({ $status }: Connection, state: string): Promise<void> =>
  new Promise((resolve) => {
    const stop = $status.subscribe((status) => {
      if (status.state !== state) return
      resolve()
      queueMicrotask(() => stop())
    })
  })

const secret = generateSecret()

interface Kind {
  readonly name: string
  readonly options: () => Promise<[PeerOptions, PeerOptions]>
  readonly trips: number
  readonly messages: number
}

const kinds: Kind[] = [
  { name: 'nothing', options: async () => [{}, {}], trips: 2, messages: 2 },
  { name: 'a secret', options: async () => [{ secret }, { secret }], trips: 4, messages: 3 },
  {
    name: 'an identity on each side',
    options: async () => [{ identity: await newIdentity() }, { identity: await newIdentity() }],
    trips: 4,
    messages: 3,
  },
]

describe.each(kinds)('where $name is proved', ({ options, trips, messages }) => {
  test(`a first answer takes ${trips} trips over the link`, async () => {
    const { ask } = await createScene(...(await options()))
    expect(await ask()).toBe(trips)
  })

  test('nothing but the handshake comes before a first answer', async () => {
    const { ask, trips } = await createScene(...(await options()))
    await ask()
    expect(trips.messagesAt('laptop')).toBe(messages)
  })

  test('a request that was asked when the link was gone takes as many over the next one', async () => {
    const { net, connection, ask } = await createScene(...(await options()))
    await ask()
    net.cut('laptop', 'nas')
    await untilState(connection, 'reconnecting')
    net.heal('laptop', 'nas')
    expect(await ask()).toBe(trips)
  })

  test('what was written and not acknowledged waits for the device to say what it has', async () => {
    const { net, connection, ask } = await createScene(...(await options()))
    await ask()
    net.cut('laptop', 'nas', { silent: true })
    await connection.send('nobody hears this')
    net.cut('laptop', 'nas')
    await untilState(connection, 'reconnecting')
    net.heal('laptop', 'nas')
    expect(await ask()).toBe(trips + 2)
  })
})
