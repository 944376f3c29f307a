import { afterEach, expect, test, vi } from 'vitest'
import { NanopeerError } from '../../src/base/errors'
import type { Link, LinkEvents, PlainChannel, Signalling } from '../../src/base/transport'
import { createTestNetwork, type TestNetworkOptions } from '../../testing'
import { VirtualClock } from '../support/virtual-clock'

afterEach(() => {
  vi.useRealTimers()
})

interface Joined {
  readonly signalling: Signalling
  readonly events: string[]
  readonly links: Link[]
  readonly channels: PlainChannel[]
}

const join = (net: ReturnType<typeof createTestNetwork>, id: string): Joined => {
  const events: string[] = []
  const links: Link[] = []
  const channels: PlainChannel[] = []
  const signalling = net.transport.join(
    id,
    {},
    {
      connecting: () => events.push('connecting'),
      open: () => events.push('open'),
      disconnected: (error) => events.push(error.code),
      link: (link) => links.push(link),
      plain: (channel) => channels.push(channel),
    },
  )
  return { signalling, events, links, channels }
}

const never = new AbortController().signal

/** Two ids with a link between them, in virtual time. */
const linked = async (options: TestNetworkOptions = {}) => {
  const clock = new VirtualClock()
  const net = createTestNetwork({ ...options, clock })
  const laptop = join(net, 'laptop')
  const nas = join(net, 'nas')
  let near: Link | undefined
  void laptop.signalling
    .dial('nas', { signal: never, metadata: { name: 'Ann' } })
    .then((link) => (near = link))
  await clock.runUntil(() => near !== undefined)
  return { clock, net, laptop, nas, near: near as Link, far: nas.links[0] as Link }
}

const listen = (link: Omit<Link, 'fingerprints'>) => {
  const heard: string[] = []
  const drained: number[] = []
  const events: LinkEvents = {
    message: (bytes) =>
      heard.push(bytes.length > 20 ? `${bytes.length} bytes` : new TextDecoder().decode(bytes)),
    drained: () => drained.push(link.bufferedAmount),
    closed: (byRemote) => heard.push(byRemote ? 'closed by remote' : 'closed'),
  }
  return { heard, drained, stop: link.listen(events) }
}

const bytes = (text: string) => new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>

test('messages arrive in a later task, in order, as copies', async () => {
  const { clock, near, far } = await linked()
  const { heard } = listen(far)
  const message = bytes('one')
  near.send(message)
  message.fill(0)
  near.send(bytes('two'))
  expect(heard).toEqual([])
  await clock.advance(1)
  expect(heard).toEqual(['one', 'two'])
  expect(far.metadata).toEqual({ name: 'Ann' })
})

test('a link that is left unread delivers what came before, then goes on', async () => {
  const { clock, near, far } = await linked()
  near.send(bytes('early'))
  await clock.advance(1)
  near.send(bytes('late'))
  const { heard } = listen(far)
  expect(heard).toEqual(['early'])
  await clock.advance(1)
  expect(heard).toEqual(['early', 'late'])
})

test('more than 64 KiB unread, a message counted with 512 bytes more, closes the link', async () => {
  const { clock, near, far } = await linked()
  const { heard } = listen(near)
  near.send(new Uint8Array(64 * 1024 - 512))
  await clock.advance(1)
  expect(heard).toEqual([])
  near.send(new Uint8Array(1))
  await clock.advance(1)
  expect(heard).toEqual(['closed'])
  expect(listen(far).heard).toEqual(
    ['65024 bytes', '1 bytes', 'closed'].map((text) => text.replace('1 bytes', '\0')),
  )
})

test('every reader of a closed link is told that it is closed', async () => {
  const { clock, near, far } = await linked()
  near.send(bytes('last'))
  void near.close()
  await clock.advance(1)
  const first = listen(far)
  const second = listen(far)
  expect(first.heard).toEqual(['last', 'closed by remote'])
  expect(second.heard).toEqual(['closed by remote'])
})

test('a message over the largest size breaks the link', async () => {
  const { clock, near, far } = await linked({ maxMessageSize: 1000 })
  const ears = [listen(near), listen(far)]
  near.send(new Uint8Array(1001))
  await clock.advance(1)
  expect(ears.map(({ heard }) => heard)).toEqual([['closed'], ['closed']])
})

test('a delay and a rate say when a message arrives', async () => {
  const { clock, near, far } = await linked({ delay: 50, rate: 1_000_000 })
  const { heard } = listen(far)
  near.send(new Uint8Array(100_000))
  await clock.advance(149)
  expect(heard).toEqual([])
  await clock.advance(2)
  expect(heard).toEqual(['100000 bytes'])
})

test('the buffer drains at the rate, and says when it is low', async () => {
  const { clock, near } = await linked({ rate: 1_000_000 })
  const { drained } = listen(near)
  near.lowWater = 20_000
  near.send(new Uint8Array(100_000))
  expect(near.bufferedAmount).toBe(100_000)
  await clock.advance(50)
  expect(near.bufferedAmount).toBe(50_000)
  expect(drained).toEqual([])
  await clock.advance(31)
  expect(drained).toEqual([20_000])
  await clock.advance(1000)
  expect(near.bufferedAmount).toBe(0)
  expect(drained).toEqual([20_000])
})

test('a change of rate or delay holds for what is on its way', async () => {
  const { clock, net, near, far } = await linked({ rate: 1_000 })
  const { heard } = listen(far)
  near.send(new Uint8Array(100_000))
  await clock.advance(1000)
  expect(near.bufferedAmount).toBe(99_000)
  net.rate(null)
  await clock.advance(1)
  expect(heard).toEqual(['100000 bytes'])
  net.delay(100)
  near.send(bytes('slow'))
  await clock.advance(99)
  expect(heard).toHaveLength(1)
  await clock.advance(2)
  expect(heard).toHaveLength(2)
})

test('closing sends what is buffered first, and the other side sees it after that', async () => {
  const { clock, near, far } = await linked({ delay: 10, rate: 1_000_000 })
  const ears = [listen(near), listen(far)]
  near.send(new Uint8Array(100_000))
  let closed = false
  void near.close().then(() => (closed = true))
  near.send(bytes('too late'))
  await clock.advance(99)
  expect(closed).toBe(false)
  await clock.advance(50)
  expect(closed).toBe(true)
  expect(ears.map(({ heard }) => heard)).toEqual([['closed'], ['100000 bytes', 'closed by remote']])
})

test('closing takes no longer than its drain timeout', async () => {
  const { clock, near, far } = await linked({ rate: 1_000 })
  const { heard } = listen(far)
  near.send(bytes('first'))
  near.send(new Uint8Array(100_000))
  let closed = false
  void near.close(500).then(() => (closed = true))
  await clock.advance(501)
  expect(closed).toBe(true)
  expect(heard).toEqual(['first', 'closed by remote'])
})

test('a cut loses what is on its way, and both sides see their links close', async () => {
  const { clock, net, near, far } = await linked({ delay: 10 })
  const ears = [listen(near), listen(far)]
  near.send(bytes('lost'))
  await clock.advance(5)
  net.cut('nas', 'laptop')
  await clock.advance(1000)
  expect(ears.map(({ heard }) => heard)).toEqual([['closed'], ['closed']])
})

test('a cut path takes no new link until it is healed', async () => {
  const { clock, net, laptop } = await linked()
  const heal = net.cut('laptop', 'nas')
  let outcome: unknown
  const given = new AbortController()
  laptop.signalling.dial('nas', { signal: given.signal }).catch((error) => (outcome = error))
  await clock.advance(10_000)
  expect(outcome).toBe(undefined)
  given.abort(new NanopeerError('TIMEOUT', 'Too late.'))
  await clock.advance(0)
  expect(outcome).toMatchObject({ code: 'TIMEOUT', cause: { stage: 'ice', relayCandidate: false } })
  void laptop.signalling.dial('nas', { signal: never }).then((link) => (outcome = link))
  heal()
  await clock.advance(1)
  expect(outcome).toMatchObject({ remoteId: 'nas' })
})

test('a silent cut tells nobody, and a healed link goes on where it was', async () => {
  const { clock, net, near, far } = await linked({ delay: 10, rate: 1_000_000 })
  const ears = [listen(near), listen(far)]
  near.send(bytes('before'))
  await clock.advance(5)
  const seen = (await far.stats()).packetsSeen
  net.cut('laptop', 'nas', { silent: true })
  near.send(bytes('while'))
  await clock.advance(60_000)
  expect(near.bufferedAmount).toBe(5)
  expect((await far.stats()).packetsSeen).toBe(seen)
  expect(ears.map(({ heard }) => heard)).toEqual([[], []])
  net.heal('laptop', 'nas')
  near.send(bytes('after'))
  await clock.advance(20)
  expect(ears.map(({ heard }) => heard)).toEqual([[], ['before', 'while', 'after']])
})

test('a silent cut without recovery is silent for good, and new links work', async () => {
  const { clock, net, laptop, near, far } = await linked()
  const ears = [listen(near), listen(far)]
  net.cut('laptop', 'nas', { silent: true, recover: false })
  net.heal('laptop', 'nas')
  near.send(bytes('lost'))
  let again: Link | undefined
  void laptop.signalling.dial('nas', { signal: never }).then((link) => (again = link))
  await clock.advance(60_000)
  expect(again).toBeDefined()
  expect(ears.map(({ heard }) => heard)).toEqual([[], []])
})

test('a cut can be silent for one side only', async () => {
  const { clock, net, near, far } = await linked()
  const ears = [listen(near), listen(far)]
  net.cut('laptop', 'nas', { silent: 'nas' })
  await clock.advance(60_000)
  expect(ears.map(({ heard }) => heard)).toEqual([['closed'], []])
})

test('packets are seen while the path is whole, even when nobody writes', async () => {
  const { clock, far } = await linked()
  const before = (await far.stats()).packetsSeen as number
  await clock.advance(5000)
  expect((await far.stats()).packetsSeen).toBeGreaterThan(before)
})

test('dials to an unknown and to a refused id fail with PEER_UNAVAILABLE', async () => {
  const { clock, net, laptop } = await linked()
  const outcomes: unknown[] = []
  const dial = (id: string) =>
    laptop.signalling.dial(id, { signal: never }).then(
      () => outcomes.push('linked'),
      (error) => outcomes.push(error.code, error.cause.stage),
    )
  void dial('nobody')
  const allow = net.refuse('nas')
  void dial('nas')
  await clock.advance(1)
  allow()
  void dial('nas')
  await clock.advance(1)
  expect(outcomes).toEqual(['PEER_UNAVAILABLE', 'offer', 'PEER_UNAVAILABLE', 'offer', 'linked'])
})

test('an id belongs to one peer until it leaves', async () => {
  const { clock, net, laptop } = await linked()
  const second = join(net, 'laptop')
  await clock.advance(1)
  expect(second.events).toEqual(['connecting', 'ID_TAKEN'])
  await laptop.signalling.leave()
  await clock.advance(1000)
  expect(second.events).toEqual(['connecting', 'ID_TAKEN', 'connecting', 'open'])
})

test('signalling goes down and comes up while links carry on and dials wait', async () => {
  const { clock, net, laptop, near, far } = await linked()
  const { heard } = listen(far)
  net.signalling('down')
  near.send(bytes('still here'))
  let again: Link | undefined
  void laptop.signalling.dial('nas', { signal: never }).then((link) => (again = link))
  await clock.advance(1500)
  expect(laptop.events).toEqual(['connecting', 'open', 'NETWORK', 'connecting', 'NETWORK'])
  expect(again).toBe(undefined)
  net.signalling('up')
  await clock.advance(1)
  expect(laptop.events.slice(-2)).toEqual(['connecting', 'open'])
  expect(again).toBeDefined()
  expect(heard).toEqual(['still here'])
})

test('a killed device says nothing more, and its id is free', async () => {
  const { clock, net, near, far, nas } = await linked()
  const ears = [listen(near), listen(far)]
  far.send(bytes('last words'))
  net.kill('nas')
  near.send(bytes('hello?'))
  const restarted = join(net, 'nas')
  await clock.advance(10_000)
  expect(ears.map(({ heard }) => heard)).toEqual([[], []])
  expect(restarted.events).toEqual(['connecting', 'open'])
  expect(nas.events).toEqual(['connecting', 'open'])
})

test('both ends agree on the certificates, unless somebody sits between them', async () => {
  const { clock, net, laptop, nas, near, far } = await linked()
  const [a, b] = [await near.fingerprints(), await far.fingerprints()]
  expect([a.local, a.remote]).toEqual([b.remote, b.local])
  net.intercept('nas', 'laptop')
  let again: Link | undefined
  void laptop.signalling.dial('nas', { signal: never }).then((link) => (again = link))
  await clock.advance(1)
  const [c, d] = [await (again as Link).fingerprints(), await (nas.links[1] as Link).fingerprints()]
  expect(c.remote).not.toEqual(d.local)
})

test('a plain channel carries messages both ways, and its end', async () => {
  const { clock, laptop, nas } = await linked({ delay: 5 })
  let near: PlainChannel | undefined
  void laptop.signalling.dialPlain('nas', { signal: never }).then((channel) => (near = channel))
  await clock.advance(20)
  const far = nas.channels[0] as PlainChannel
  expect([far.serialization, far.ordered]).toEqual(['binary', true])
  const { heard } = listen(far)
  const { heard: heardHere } = listen(near as PlainChannel)
  near?.send(bytes('there'))
  far.send(bytes('back'))
  await clock.advance(10)
  void near?.close()
  await clock.advance(10)
  expect(heard).toEqual(['there', 'closed by remote'])
  expect(heardHere).toEqual(['back', 'closed'])
})

test('it runs on fake timers', async () => {
  vi.useFakeTimers()
  const net = createTestNetwork({ delay: 100 })
  const laptop = join(net, 'laptop')
  const nas = join(net, 'nas')
  const dialled = laptop.signalling.dial('nas', { signal: never })
  await vi.advanceTimersByTimeAsync(1000)
  const near = await dialled
  const { heard } = listen(nas.links[0] as Link)
  near.send(bytes('hello'))
  await vi.advanceTimersByTimeAsync(99)
  expect(heard).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(heard).toEqual(['hello'])
})

test('it runs on real time', async () => {
  const net = createTestNetwork()
  const laptop = join(net, 'laptop')
  const nas = join(net, 'nas')
  await expect.poll(() => nas.events).toContain('open')
  const near = await laptop.signalling.dial('nas', { signal: never })
  const { heard } = listen(nas.links[0] as Link)
  for (let index = 0; index < 100; index++) near.send(bytes(`${index}`))
  await expect.poll(() => heard).toHaveLength(100)
  expect(heard).toEqual(Array.from({ length: 100 }, (_, index) => `${index}`))
})

test('a dial that the remote ignores hears nothing until its deadline', async () => {
  const { clock, net, laptop } = await linked()
  let asked = ''
  net.transport.join(
    'shy',
    {},
    {
      connecting: () => {},
      open: () => {},
      disconnected: () => {},
      link: () => {},
      plain: () => {},
      offer: ({ remoteId }) => {
        asked = remoteId
        return 'ignored'
      },
    },
  )
  const deadline = new AbortController()
  let outcome: unknown
  laptop.signalling.dial('shy', { signal: deadline.signal }).catch((error) => (outcome = error))
  await clock.advance(10_000)
  expect(asked).toBe('')
  expect(outcome).toMatchObject({ code: 'PEER_UNAVAILABLE' })
  laptop.signalling.dial('shy', { signal: deadline.signal }).catch((error) => (outcome = error))
  await clock.advance(10_000)
  deadline.abort(new NanopeerError('TIMEOUT', 'Too late.'))
  await clock.advance(0)
  expect(asked).toBe('laptop')
  expect(outcome).toMatchObject({ code: 'TIMEOUT', cause: { stage: 'offer' } })
})
