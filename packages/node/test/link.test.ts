import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import type { Link } from '../../core/src/base/transport'
import { takeCensus } from './support/census'
import { freshId, type Joined, joinAs, readAll, soon } from './support/joined'

const shared = () => ({ ...inject('signallingServer'), secure: false })

interface Pair {
  readonly device: Joined
  readonly asker: Joined
  readonly near: Link
  readonly far: Link
}

const leaves: (() => Promise<void>)[] = []
const cleanUp = (leave: () => Promise<void>) => leaves.push(leave)

/** Hears the first bytes of what was kept for a reader, and lets go before anything else can come. */
const takeKept = (link: Link, into: number[]) => {
  link.listen({ message: (bytes) => into.push(bytes[0] as number), drained() {}, closed() {} })()
  return into
}

const makePair = async (): Promise<Pair> => {
  const device = joinAs(freshId('device'), { server: shared() }, { cleanUp })
  const asker = joinAs(freshId('asker'), { server: shared() }, { cleanUp })
  await device.isOpen()
  const near = await asker.signalling.dial(device.id, { metadata: { room: 7 }, signal: soon() })
  await vi.waitFor(() => expect(device.links.length).toBe(1), 20_000)
  return { device, asker, near, far: device.links[0] as Link }
}

let pairs: Pair[] = []
/** A pair that no other test has touched. */
const connected = () => pairs.pop() as Pair

// All at once, because two Node ends of one machine often need a second: the first DTLS packet comes too early.
beforeAll(async () => {
  pairs = await Promise.all(Array.from({ length: 12 }, makePair))
}, 20_000)

afterAll(() => Promise.all(leaves.map((leave) => leave())))

describe('a link', () => {
  test('names both ends, and carries the metadata of the dialler', async () => {
    const { asker, device, near, far } = connected()
    expect(near.remoteId).toBe(device.id)
    expect(near.metadata).toBeUndefined()
    expect(far.remoteId).toBe(asker.id)
    expect(far.metadata).toEqual({ room: 7 })
  })

  test('knows how large a message may be', async () => {
    const { near, far } = connected()
    expect(near.maxMessageSize).toBeGreaterThanOrEqual(65_536)
    expect(far.maxMessageSize).toBeGreaterThanOrEqual(65_536)
  })

  test('carries messages whole and in order, both ways', async () => {
    const { near, far } = connected()
    const atNear = readAll(near)
    const atFar = readAll(far)
    const sizes = [0, 1, 1000, 65_536, near.maxMessageSize as number]
    for (const [index, size] of sizes.entries()) {
      near.send(new Uint8Array(size).fill(index))
      far.send(new Uint8Array(size).fill(index))
    }
    for (const { messages } of [atNear, atFar]) {
      await expect.poll(() => messages.map(({ byteLength }) => byteLength)).toEqual(sizes)
      expect(messages.every((bytes, index) => bytes.every((byte) => byte === index))).toBe(true)
    }
  })

  test('keeps what came before its reader, and delivers it first', async () => {
    const { near, far } = connected()
    far.send(Uint8Array.of(1))
    far.send(Uint8Array.of(2))
    const order: number[] = []
    await expect.poll(() => takeKept(near, order)).toEqual([1, 2])
    near.listen({ message: (bytes) => order.push(bytes[0] as number), drained() {}, closed() {} })
    far.send(Uint8Array.of(3))
    await expect.poll(() => order).toEqual([1, 2, 3])
  })

  test('stops delivering to a reader that let go, and goes on with the next', async () => {
    const { near, far } = connected()
    const first: number[] = []
    const second: number[] = []
    const undo = near.listen({
      message: (bytes) => first.push(bytes[0] as number),
      drained() {},
      closed() {},
    })
    far.send(Uint8Array.of(1))
    await expect.poll(() => first).toEqual([1])
    undo()
    far.send(Uint8Array.of(2))
    await expect.poll(() => takeKept(near, second)).toEqual([2])
    expect(first).toEqual([1])
  })

  test('closes when a remote sends more than 64 KiB that nobody reads', async () => {
    const { near, far } = connected()
    const { closed } = readAll(far)
    for (let index = 0; index < 5; index++) far.send(new Uint8Array(16_384))
    await closed
    const { messages, closed: nearClosed } = readAll(near)
    expect(messages.length).toBeLessThanOrEqual(4)
    await expect(nearClosed).resolves.toEqual({ byRemote: false })
  })

  test('tells when its buffer fell to the low-water mark', async () => {
    const { near, far } = connected()
    readAll(far)
    near.lowWater = 65_536
    const drained = new Promise<number>((resolve) => {
      near.listen({ message() {}, drained: () => resolve(near.bufferedAmount), closed() {} })
    })
    for (let index = 0; index < 64; index++) near.send(new Uint8Array(65_536))
    expect(near.bufferedAmount).toBeGreaterThan(65_536)
    await expect(drained).resolves.toBeLessThanOrEqual(65_536)
  })

  test('sends all that is buffered before it closes', async () => {
    const { near, far } = connected()
    const { messages, closed } = readAll(far)
    for (let index = 0; index < 64; index++) near.send(new Uint8Array(65_536).fill(index))
    await near.close(10_000)
    await expect(closed).resolves.toEqual({ byRemote: true })
    expect(messages.map((bytes) => bytes[0])).toEqual(Array.from({ length: 64 }, (_, index) => index))
  })

  test('tells both ends once that it is closed, and who closed it', async () => {
    const { near, far } = connected()
    const atNear = readAll(near)
    const atFar = readAll(far)
    await Promise.all([near.close(), near.close()])
    await expect(atNear.closed).resolves.toEqual({ byRemote: false })
    await expect(atFar.closed).resolves.toEqual({ byRemote: true })
    near.send(Uint8Array.of(1))
    far.send(Uint8Array.of(1))
    expect(near.bufferedAmount).toBe(0)
    await expect(near.stats()).resolves.toEqual({ route: null, rtt: null, packetsSeen: null })
    await Promise.all([near.close(), far.close()])
  })

  test('tells a reader that comes late that it is closed, after what came before', async () => {
    const { near, far } = connected()
    far.send(Uint8Array.of(1))
    await far.close()
    await new Promise((resolve) => setTimeout(resolve, 100))
    const { messages, closed } = readAll(near)
    await expect(closed).resolves.toEqual({ byRemote: true })
    expect(messages).toEqual([Uint8Array.of(1)])
  })

  test('measures its route, its round trip and what arrives', async () => {
    const { near, far } = connected()
    readAll(near)
    const before = await near.stats()
    expect(before.route).toBe('direct')
    expect(before.rtt).toBeLessThan(10_000)
    far.send(new Uint8Array(1000))
    await expect
      .poll(async () => (await near.stats()).packetsSeen)
      .toBeGreaterThan(before.packetsSeen as number)
  })

  test('knows both certificates, each end the same two', async () => {
    const { near, far } = connected()
    const [atNear, atFar] = await Promise.all([near.fingerprints(), far.fingerprints()])
    expect(atNear.local).toHaveLength(32)
    expect(atNear.local).toEqual(atFar.remote)
    expect(atNear.remote).toEqual(atFar.local)
    expect(atNear.local).not.toEqual(atNear.remote)
  })
})

describe('what stays behind', () => {
  test('nothing, after thirty links and their peers have come and gone', { timeout: 30_000 }, async () => {
    const census = await takeCensus()
    for (let round = 0; round < 10; round++) {
      const device = joinAs(freshId('device'), { server: shared() })
      const asker = joinAs(freshId('asker'), { server: shared() })
      await device.isOpen()
      const links = await Promise.all(
        [1, 2, 3].map(() => asker.signalling.dial(device.id, { signal: soon() })),
      )
      await expect.poll(() => device.links.length).toBe(3)
      await Promise.all(links.map((link) => link.close()))
      await Promise.all([device.signalling.leave(), asker.signalling.leave()])
    }
    await expect.poll(() => census.peerConnections()).toBe(0)
    await expect.poll(() => census.sockets()).toBe(0)
  })

  test('nothing, after dials that failed in every stage', { timeout: 30_000 }, async () => {
    const census = await takeCensus()
    const asker = joinAs(freshId('asker'), { server: shared() })
    await asker.isOpen()
    await Promise.allSettled([
      asker.signalling.dial(freshId('nobody'), { signal: soon() }),
      asker.signalling.dial(freshId('nobody'), { signal: AbortSignal.timeout(50) }),
      asker.signalling.dial(freshId('nobody'), { signal: AbortSignal.abort() }),
    ])
    await asker.signalling.leave()
    await expect.poll(() => census.peerConnections()).toBe(0)
    await expect.poll(() => census.sockets()).toBe(0)
  })
})
