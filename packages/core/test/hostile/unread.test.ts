import { describe, expect, test } from 'vitest'
import { pack } from '../../src/codec/binarypack'
import { Assembly, type Piece } from '../../src/engine/plain/pieces'
import { FrameType } from '../../src/engine/wire/frame'
import { createTestNetwork } from '../../testing'
import { resourceUsage } from '../support/resource-usage'
import { createWorld } from '../support/world'
// Loaded before: virtual time does not wait for a module.
import '../../src/engine/plain'
import { join, open } from './cast'
import { hello, Mallory, ready } from './mallory'

describe('a PeerJS client that nobody has accepted yet', () => {
  const dialled = async () => {
    const world = createWorld()
    const { clock, net } = world
    let decide = (_accepted: boolean) => {}
    const accept = () => new Promise<boolean>((resolve) => (decide = resolve))
    const nas = world.device('nas', { accept })
    const received: unknown[] = []
    await clock.runUntil(() => world.state(nas) === 'open')
    const mallory = await Mallory.join(net.transport, 'mallory', clock, (it) => clock.runUntil(it))
    const channel = await world.settled(mallory.dialPlain('nas'))
    let isClosed = false
    channel.listen({ message() {}, drained() {}, closed: () => (isClosed = true) })
    const send = async (size: number, count: number) => {
      for (let sent = 0; sent < count; sent++) channel.send(new Uint8Array(size))
      await clock.advance(100)
    }
    await clock.advance(100)
    return {
      ...world,
      nas,
      channel,
      send,
      received,
      decide: (it: boolean) => decide(it),
      isClosed: () => isClosed,
    }
  }

  test.each([0, 1, 100])('is closed at its 129th message of %i bytes at the latest', async (size) => {
    const { send, isClosed, nas, clock } = await dialled()
    await send(size, 50)
    expect(isClosed()).toBe(false)
    await send(size, 79)
    expect(isClosed()).toBe(true)
    await clock.advance(40_000)
    expect(resourceUsage(nas).handshakes).toBe(0)
  })

  test('may have said some things by the time it is accepted', async () => {
    const { channel, clock, decide, isClosed, nas } = await dialled()
    const values: unknown[] = []
    for (let number = 0; number < 100; number++) channel.send(pack(number))
    await clock.advance(100)
    decide(true)
    await clock.runUntil(() => nas.$connections.value?.length === 1)
    nas.$connections.value?.[0]?.onMessage((value) => values.push(value))
    await clock.advance(100)
    expect(isClosed()).toBe(false)
    expect(values).toHaveLength(100)
  })
})

test('a message that is mostly padding ends a handshake at once, even while `accept` decides', async () => {
  const { transport } = createTestNetwork()
  await open('nas', { transport, accept: () => new Promise(() => {}), onError: () => {} })
  const mallory = await join(transport, 'mallory')
  const link = await mallory.dial('nas')
  link.send(hello(), ready())
  await link.next(FrameType.Wait)
  const padded = new Uint8Array(200).fill(0x80)
  padded[0] = FrameType.Skip
  padded.set([0, 0], 198)
  link.raw(padded)
  await link.closed()
})

test('pieces without bytes are weighed, too', () => {
  const assembly = new Assembly(1_000_000)
  const add = () => {
    for (let n = 0; n < 20_000; n++) {
      const piece: Piece = {
        __peerData: 1 + (n % 50_000),
        n: n % 3,
        total: 1_000_000,
        data: new ArrayBuffer(0),
      }
      assembly.add(piece)
    }
  }
  expect(add).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }))
  expect(assembly.held).toBeGreaterThan(2_000_000)
})
