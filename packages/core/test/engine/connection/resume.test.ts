import { afterEach, expect, test } from 'vitest'
import { action } from '../../../src/base/action'
import type { Connection, Peer, PeerOptions } from '../../../src/base/types'
import { createPeer } from '../../../src/peer/registry'
import { createTestNetwork, type TestNetworkOptions } from '../../../testing'
import { VirtualClock } from '../../support/virtual-clock'

const peers: { peer: Peer; clock: VirtualClock }[] = []

afterEach(async () => {
  for (const { peer, clock } of peers.splice(0)) {
    let done = false
    void peer.destroy().then(() => (done = true))
    await clock.runUntil(() => done)
  }
})

/** A laptop that is connected to a device, in virtual time. */
const connected = async (options: PeerOptions = {}, network: TestNetworkOptions = {}) => {
  const clock = new VirtualClock()
  const net = createTestNetwork({ clock, ...network })
  const create = (id: string) => {
    const peer = createPeer(id, { transport: net.transport, accept: 'anyone', ...options })
    peers.push({ peer, clock })
    return peer
  }
  const device = create('nas')
  const laptop = create('laptop')
  void device.open()
  void laptop.open()
  const connection = laptop.connect('nas')
  connection.$status.listen(() => {})
  await clock.runUntil(() => connection.$status.get().state === 'open')
  const inbound = device.$connections.get()[0] as Connection
  return { clock, net, device, laptop, connection, inbound }
}

test('what filled the unacknowledged buffer is written again over the next link, and the rest after it', async () => {
  const { clock, net, connection, inbound } = await connected({ limits: { unacknowledged: 64 * 1024 } })
  const received: number[] = []
  inbound.onMessage((value) => received.push((value as { number: number }).number))
  net.cut('laptop', 'nas', { silent: true, recover: false })
  const filler = new Uint8Array(7000)
  for (let number = 0; number < 40; number++) void connection.send({ number, filler })
  await clock.advance(1000)
  net.heal('laptop', 'nas')
  await clock.runUntil(() => received.length === 40, 60_000)
  expect(received).toEqual(Array.from({ length: 40 }, (_, number) => number))
})

test('a body that is aborted when all of it has arrived ends with the error, not as if it were whole', async () => {
  const { clock, device, connection } = await connected()
  const read = action.bytes('read')
  device.handle(read, () => new Uint8Array(100_000))
  const abort = new AbortController()
  const outcome: unknown[] = []
  const reading = (async () => {
    const response = await connection.request(read, undefined, { signal: abort.signal })
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    await reader.read()
    await new Promise<void>((resolve) => clock.after(1000, resolve))
    abort.abort()
    await reader.read()
  })()
  reading.catch((error) => outcome.push(error))
  await clock.runUntil(() => outcome.length > 0)
  expect(outcome[0]).toMatchObject({ name: 'NanopeerError', code: 'ABORTED' })
})

test('dialling goes on when both our own dial and the one that the remote had waiting came to nothing', async () => {
  const clock = new VirtualClock()
  const net = createTestNetwork({ clock, delay: 20 })
  const create = (id: string) => {
    const peer = createPeer(id, { transport: net.transport, accept: 'anyone', onError: () => {} })
    void peer.open()
    return peer
  }
  const [laptop, nas] = [create('laptop'), create('nas')]
  await clock.advance(1000)
  const reachable = net.refuse('nas')
  nas.connect('laptop')
  await clock.advance(1)
  const connection = laptop.connect('nas')
  connection.$status.listen(() => {})
  // The remote's link has come and waits for ours to fail, which it does; but its device is dead by then.
  await clock.advance(39.5)
  net.kill('nas')
  void nas.destroy()
  await clock.advance(10_000)
  reachable()
  const restarted = create('nas')
  peers.push({ peer: laptop, clock }, { peer: restarted, clock })
  await clock.runUntil(() => connection.$status.value?.state === 'open', 60_000)
})

test('an answer that has come is whole although the upload that nobody wanted fails', async () => {
  const { clock, device, connection } = await connected()
  const read = action.bytes('read')
  device.handle(read, () => new Uint8Array(1000))
  let fail = (_error: Error) => {}
  const body = (async function* () {
    yield new Uint8Array(10)
    await new Promise((_, reject) => {
      fail = reject
    })
  })()
  const response = await clock.settled(connection.request(read, undefined, { body }))
  await clock.advance(1000)
  fail(new Error('The disk is gone.'))
  await clock.advance(0)
  expect((await clock.settled(response.arrayBuffer())).byteLength).toBe(1000)
})
