import { expect, test } from 'vitest'
import { pack } from '../../src/codec/binarypack'
import { createEnvelope } from '../../src/engine/plain/envelope'
import { FrameType } from '../../src/engine/wire/frame'
import { maxHeldBytes } from '../../src/engine/wire/limits'
import { createTestNetwork } from '../../testing'
import { resourceUsage } from '../support/resource-usage'
import { join, open, until } from './cast'
import { frame, request } from './mallory'

const MB = 1_000_000
const asked = 1000

/** A device whose every answer is bytes without end, in chunks of 1 MB, and the bytes that were read of them. */
const endless = async (delay: () => Promise<void>) => {
  const { transport } = createTestNetwork()
  const device = await open('device', { transport, accept: 'anyone' })
  const sources = { begun: 0, read: 0 }
  device.handle('read', () => {
    sources.begun++
    const pull = async (controller: ReadableStreamDefaultController) => {
      await delay()
      sources.read += MB
      controller.enqueue(new Uint8Array(MB))
    }
    return new Response(new ReadableStream({ pull }, { highWaterMark: 0 }))
  })
  device.handle('echo', (text) => text)
  const mallory = await join(transport, 'mallory')
  const link = await mallory.dial('device')
  await link.shakeHands({ window: 2 ** 40 })
  for (let n = 0; n < asked; n++) link.send(request(2 + 2 * n, 'read', null, 'bytes'))
  await until(() => sources.begun === asked, 'all to be asked')
  return { transport, device, link, sources }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

test.each([
  ['at once', () => Promise.resolve()],
  ['a turn later', turn],
])(
  'sources that answer %s are not asked for more than the device may hold',
  async (_, delay) => {
    const { device, link, sources, transport } = await endless(delay)
    let before = -1
    // Until nothing more is read: for as many turns as there are sources.
    for (let still = 0; still < 2 * asked; still++) {
      await turn()
      if (sources.read !== before) still = 0
      before = sources.read
    }
    const { held } = resourceUsage(device)
    expect(held).toBeGreaterThan(maxHeldBytes / 2)
    // A few that were asked before the one that filled it.
    expect(sources.read).toBeLessThan(maxHeldBytes + 64 * MB)
    // Nothing waits uncounted.
    expect(held).toBeGreaterThan(sources.read * 0.95)
    const friend = await open('friend', { transport })
    expect(await friend.connect('device').request('echo', 'still here')).toBe('still here')
    await link.close()
  },
  60_000,
)

test('a source is asked again once somebody has let go, and none of what was held stays when all is over', async () => {
  const { device, link, sources } = await endless(() => Promise.resolve())
  await until(() => resourceUsage(device).held >= maxHeldBytes, 'the device to hold all that it may')
  const before = sources.read
  for (let n = 0; n < asked; n += 2) link.send(frame(FrameType.Cancel, 2 + 2 * n))
  await until(() => sources.read > before, 'another source to be asked')
  for (let n = 1; n < asked; n += 2) link.send(frame(FrameType.Cancel, 2 + 2 * n))
  await until(() => resourceUsage(device).streams === 0, 'all streams to be over')
  await until(() => resourceUsage(device).held < MB, 'nothing to be held')
}, 60_000)

test('what is read ahead for PeerJS clients counts among the same, and is let go of when they are gone', async () => {
  const net = createTestNetwork()
  const { transport } = net
  const device = await open('device', { transport, accept: 'anyone' })
  let begun = 0
  let read = 0
  device.handle('read', () => {
    begun++
    const pull = async (controller: ReadableStreamDefaultController) => {
      await turn()
      read += MB
      controller.enqueue(new Uint8Array(MB))
    }
    return new Response(new ReadableStream({ pull }, { highWaterMark: 0 }))
  })
  // Nobody takes more of what is sent than 100 KB/s.
  net.rate(100_000)
  const channels = []
  for (let number = 0; number < 2; number++) {
    const channel = await (await join(transport, `mallory-${number}`)).dialPlain('device')
    for (let n = 0; n < 500; n++) channel.send(pack(createEnvelope('read', `${n}`, null)))
    channels.push(channel)
  }
  await until(() => begun === asked, 'all to be asked')
  let before = -1
  for (let still = 0; still < 2 * asked; still++) {
    await turn()
    if (read !== before) still = 0
    before = read
  }
  const { held } = resourceUsage(device)
  // 16 MiB each, and a few that were asked at once.
  expect(held).toBeGreaterThan(30 * MB)
  expect(held).toBeLessThan(100 * MB)
  await Promise.all(channels.map((channel) => channel.close(0)))
  await until(() => resourceUsage(device).held === 0, 'nothing to be held')
}, 60_000)
