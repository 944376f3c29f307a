import { describe, expect, test } from 'vitest'
import { resolveLimits } from '../../src/base/limits'
import { encodeFrames, FrameType } from '../../src/engine/wire/frame'
import { messageOverhead } from '../../src/engine/wire/limits'
import { resourceUsage } from '../support/resource-usage'
import { createWorld } from '../support/world'
// Loaded before: virtual time does not wait for a module.
import '../../src/engine/plain'
import { frame, hello, Mallory, ready, request } from './mallory'

type Message = Uint8Array<ArrayBuffer>

const KiB = 1024
const MiB = 1024 * KiB

/** A device that never makes up its mind, and what anybody can have it hold meanwhile. */
const undecided = () => {
  const world = createWorld()
  const { clock, net } = world
  const nas = world.device('nas', { accept: () => new Promise<boolean>(() => {}) })
  const so = (condition: () => boolean) => clock.runUntil(condition)
  /** Sends one message after the other until the link is closed: how many were taken, and their bytes. */
  let count = 0
  const fill = async (message: (index: number) => Message, most: number) => {
    const mallory = await Mallory.join(net.transport, `mallory-${++count}`, clock, so)
    const link = await mallory.dial('nas')
    link.send(hello(), ready())
    await so(() => link.isClosed || link.of(FrameType.Wait).length > 0)
    let taken = 0
    let bytes = 0
    while (taken < most && !link.isClosed) {
      const next = message(taken)
      link.raw(next)
      await clock.advance(1)
      if (link.isClosed) break
      taken++
      bytes += next.length
    }
    return { taken, bytes, isClosed: () => link.isClosed }
  }
  return { ...world, nas, fill, so }
}

const shapes: readonly (readonly [string, (index: number) => Message])[] = [
  ['frames without a payload', (index) => encodeFrames(frame(FrameType.Cancel, 2 * index + 2))],
  ['pieces of one byte', () => encodeFrames(frame(FrameType.Request, 2, Uint8Array.of(1), true))],
  ['messages without a frame', () => new Uint8Array(0)],
  ['whole requests', (index) => encodeFrames(request(2 * index + 2, 'echo'))],
]

describe('a remote that nobody has decided about', () => {
  test.each(shapes)(
    'has 56 messages of %s kept at most, and is closed when it goes on',
    async (_, message) => {
      const { nas, fill, so } = undecided()
      await so(() => nas.$status.value?.state === 'open')
      const { taken, isClosed } = await fill(message, 1000)
      expect(isClosed()).toBe(true)
      expect(taken).toBeGreaterThan(32)
      expect(taken).toBeLessThanOrEqual(56)
    },
  )

  test('and as many like it as there may be, have the device hold less than 32 MiB', async () => {
    const { nas, fill, so } = undecided()
    await so(() => nas.$status.value?.state === 'open')
    const { handshakes } = resolveLimits()
    const empty = encodeFrames(frame(FrameType.Cancel, 2))
    let held = 0
    for (let number = 0; number < handshakes; number++) {
      const { taken, bytes } = await fill(() => empty, 50)
      held += bytes + taken * messageOverhead
    }
    expect(resourceUsage(nas).handshakes).toBe(handshakes)
    expect(held).toBeGreaterThan(MiB)
    expect(held).toBeLessThan(32 * MiB)
  })
})
