import { expect, test } from 'vitest'
import { systemClock } from '../../src/base/clock'
import { pack } from '../../src/codec/binarypack'
import { createEnvelope } from '../../src/engine/plain/envelope'
import { Reassembler } from '../../src/engine/rpc/reassembler'
import { HeldBytes } from '../../src/engine/session/held-bytes'
import { FrameType } from '../../src/engine/wire/frame'
import { decodeHello } from '../../src/engine/wire/hello'
import { maxHeldBytes } from '../../src/engine/wire/limits'
import { createTestNetwork } from '../../testing'
import { resourceUsage } from '../support/resource-usage'
import { VirtualClock } from '../support/virtual-clock'
import { join, open, until } from './cast'
import { frame, hello, ready, request } from './mallory'

const MiB = 1024 * 1024

/** 50,000 empty objects in 50,000 bytes, 4 MB of memory. */
const objects = Uint8Array.from([0xdd, 0, 0, 0xc3, 0x50, ...new Array(50_000).fill(0x80)])

/** A request with these objects for its input. */
const heavy = (stream: number) => {
  const { payload } = request(stream, 'wait')
  return frame(FrameType.Request, stream, Uint8Array.from([...payload.subarray(0, -1), ...objects]))
}

test('what has come of all remotes together has a bound, and a friend beside them is served', async () => {
  const { transport } = createTestNetwork()
  const device = await open('device', { transport, accept: 'anyone' })
  // Ends with its session, which may be given up where this takes longer than a few seconds.
  device.handle(
    'wait',
    (_, { signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', reject)),
  )
  device.handle('length', (text) => (text as string).length)
  for (let number = 0; number < 9; number++) {
    const link = await (await join(transport, `mallory-${number}`)).dial('device')
    await link.shakeHands()
    for (let n = 0; n < 15; n++) link.send(heavy(2 + 2 * n))
    await link.delivered()
  }
  const { arrived, counted } = resourceUsage(device)
  expect(counted).toBe(arrived)
  expect(arrived).toBeGreaterThan(maxHeldBytes / 2)
  // The share of those who came last is beside it, and one that each may have.
  expect(arrived).toBeLessThan(2 * maxHeldBytes)
  const friend = (await open('friend', { transport })).connect('device')
  const asked = Array.from({ length: 8 }, () => friend.request('length', 'x'.repeat(MiB)))
  expect(await Promise.all(asked)).toEqual(new Array(8).fill(MiB))
}, 60_000)

test('messages that nobody hears are kept of all remotes together', async () => {
  const { transport } = createTestNetwork()
  const limits = { handshakes: 1000 }
  const lost: unknown[] = []
  const device = await open('device', {
    transport,
    limits,
    accept: 'anyone',
    onError: (error) => lost.push(error),
  })
  const strangers = 8
  // 21 MB of memory in 300 KB; where there is one remote three such may wait.
  const buffers = Uint8Array.from([0xdd, 0, 1, 0x86, 0x9f, ...new Array(99_999).fill([0xc7, 0, 2]).flat()])
  const links = []
  for (let number = 0; number < strangers; number++) {
    links.push(await (await join(transport, `mallory-${number}`)).dial('device'))
    await links.at(-1)?.shakeHands()
  }
  for (const link of links) {
    for (let sent = 0; sent < buffers.length; sent += 60_000) {
      const part = buffers.subarray(sent, sent + 60_000)
      link.send(frame(FrameType.Message, 0, part, sent + 60_000 < buffers.length))
    }
    await link.delivered()
  }
  expect(device.$connections.value).toHaveLength(strangers)
  expect(lost).toHaveLength(strangers)
})

test('who was given up, and whose handlers hold on, is not given up in place of the next', async () => {
  const clock = new VirtualClock()
  const all = new HeldBytes(clock, 8 * MiB)
  const ended: string[] = []
  const enter = (name: string, bytes: number) => all.enter(() => ended.push(name)).hold(bytes)
  enter('first', 64 * MiB)
  enter('second', 32 * MiB)
  const last = all.enter(() => ended.push('last'))
  for (let second = 0; second < 20; second++) {
    await clock.advance(1000)
    expect(last.isFull).toBe(false)
  }
  expect(ended).toEqual(['first', 'second'])
})

test('parts of values count among those of all remotes, and no more are taken where there is no room', () => {
  const all = new HeldBytes(systemClock, 8 * MiB)
  const enter = () => {
    const held = all.enter(() => {})
    return new Reassembler({ messageSize: 16 * MiB, values: 8 }, held)
  }
  const part = frame(FrameType.Request, 2, new Uint8Array(MiB), true)
  const [first, second] = [enter(), enter()]
  for (let n = 0; n < 8; n++) first.add(part)
  expect(all.total).toBe(8 * MiB)
  expect(() => first.add(part)).toThrow(expect.objectContaining({ code: 'OVERLOADED' }))
  expect(all.total).toBe(0)
  for (let n = 0; n < 8; n++) first.add({ ...part, stream: 4 })
  second.add(part)
  expect(second.add({ ...part, more: false })).toHaveLength(2 * MiB)
  first.clear()
  expect(all.total).toBe(0)
})

test('a device that is dialled, about which nobody has decided, ends its session with more than two of the largest values', async () => {
  const { transport } = createTestNetwork()
  const limits = { messageSize: MiB }
  const page = await open('page', { transport, limits, accept: () => new Promise(() => {}) })
  const device = await join(transport, 'device')
  const { $status } = page.connect('device')
  $status.listen(() => {})
  await until(() => device.inbound.length > 0, 'the dial')
  const [link] = device.inbound
  const { from, link: number } = decodeHello((await link?.next(FrameType.Hello))?.payload as Uint8Array)
  link?.send(hello({ to: from, link: number }), ready())
  await until(() => $status.value?.state === 'open', 'the session')
  let most = 0
  // An upload for each of a thousand requests, as much as its window takes.
  for (let stream = 1; stream < 2000 && !link?.isClosed; stream += 2) {
    link?.send(request(stream, 'upload', null, 'value', { size: null }))
    for (let n = 0; n < 4; n++) link?.send(frame(FrameType.Data, stream, new Uint8Array(60_000)))
    await link?.delivered()
    most = Math.max(most, resourceUsage(page).arrived)
  }
  await link?.closed()
  expect(most).toBeGreaterThan(MiB)
  expect(most).toBeLessThan(3 * MiB)
  expect($status.value).toMatchObject({ error: { code: 'PROTOCOL' } })
  // Inputs of requests that wait for the decision alone.
  await until(() => resourceUsage(page).counted < 10_000, 'no upload to be held')
})

test('of a PeerJS client that is dialled no more is taken until it is served', async () => {
  const { transport } = createTestNetwork()
  const limits = { messageSize: MiB }
  let decide = (_accepted: boolean) => {}
  const accept = () =>
    new Promise<boolean>((resolve) => {
      decide = resolve
    })
  const page = await open('page', { transport, limits, accept })
  let begun = 0
  page.handle('wait', () => {
    begun++
    return new Promise(() => {})
  })
  const device = await join(transport, 'device')
  const { $status } = page.connect('device', { protocol: 'envelope' })
  $status.listen(() => {})
  await until(() => $status.value?.state === 'open', 'the channel')
  const [channel] = device.inboundPlain
  const answers: unknown[] = []
  channel?.listen({ message: (bytes) => answers.push(bytes), drained() {}, closed() {} })
  const input = 'x'.repeat(200_000)
  const ask = (number: number) => channel?.send(pack(createEnvelope('wait', `${number}`, input)))
  for (let number = 0; number < 40; number++) ask(number)
  await until(() => answers.length + resourceUsage(page).streams === 40, 'all to be read')
  const { arrived } = resourceUsage(page)
  expect(arrived).toBeGreaterThan(MiB)
  expect(arrived).toBeLessThan(3 * MiB)
  const before = answers.length
  decide(true)
  await until(() => begun === 40 - before, 'those to be served that were taken')
  for (let number = 40; number < 80; number++) ask(number)
  await until(() => begun === 80 - before, 'all to be served from now on')
  expect(answers).toHaveLength(before)
})
