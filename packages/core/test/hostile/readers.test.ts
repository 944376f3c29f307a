import { describe, expect, test } from 'vitest'
import { HeldBytes } from '../../src/engine/session/held-bytes'
import { FrameType } from '../../src/engine/wire/frame'
import { VirtualClock } from '../support/virtual-clock'
import { createWorld } from '../support/world'
import { Mallory, request } from './mallory'

const MiB = 1024 * 1024

describe('what all sessions hold', () => {
  test('leaves each its share, whatever the others hold', () => {
    const all = new HeldBytes(new VirtualClock(), 64 * MiB)
    const strangers = Array.from({ length: 9 }, () => all.enter(() => {}))
    for (const stranger of strangers) stranger.hold(8 * MiB)
    const friend = all.enter(() => {})
    for (let held = 0; held < 3; held++) {
      expect(friend.isFull).toBe(false)
      friend.hold(MiB)
    }
    friend.hold(MiB)
    expect(friend.isFull).toBe(true)
    expect(strangers.every(({ isFull }) => isFull)).toBe(true)
  })

  test('gives up the largest that has let go of nothing for 5 s, as soon as somebody is in want, and nobody else', async () => {
    const clock = new VirtualClock()
    const all = new HeldBytes(clock, 64 * MiB)
    const gone: string[] = []
    const enter = (name: string, bytes: number) => {
      const share = all.enter(() => {
        gone.push(name)
        share.hold(-bytes)
      })
      share.hold(bytes)
      return share
    }
    enter('small', MiB)
    enter('large', 20 * MiB)
    enter('largest', 30 * MiB)
    const reader = enter('reader', 40 * MiB)
    await clock.advance(6000)
    reader.hold(-1)
    expect(gone).toEqual([])
    const friend = all.enter(() => gone.push('friend'))
    expect(friend.isFull).toBe(false)
    expect(gone).toEqual(['largest'])
  })
})

test('nine readers that acknowledge nothing cost a friend no request', async () => {
  const { clock, net, create, device, settled } = createWorld()
  const nas = device('nas')
  const big = 'x'.repeat(15 * MiB)
  nas.handle('big', () => big)
  nas.handle('file', () => 'x'.repeat(256 * 1024))
  await settled(nas.open())
  const links = []
  for (let number = 0; number < 9; number++) {
    const mallory = await Mallory.join(net.transport, `mallory-${number}`, clock, (it) => clock.runUntil(it))
    const link = await mallory.dial('nas')
    await link.shakeHands()
    links.push(link)
    for (let asked = 0; asked < 4; asked++) link.send(request(1 + 2 * asked, 'big'))
    await clock.advance(100)
  }
  await clock.advance(6000)
  const friend = create('friend').connect('nas')
  const answers = await settled(
    Promise.allSettled(
      Array.from({ length: 64 }, () => friend.request('file', undefined, { timeout: 20_000 })),
    ),
  )
  expect(answers.filter(({ status }) => status === 'rejected')).toEqual([])
  expect(links.some((link) => link.of(FrameType.Answer).length > 0 || link.isClosed)).toBe(true)
}, 60_000)
