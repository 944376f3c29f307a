import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { generateSecret } from '../../src/base/secret'
import type { Link, SignallingEvents, Transport } from '../../src/base/transport'
import type { PeerOptions } from '../../src/base/types'
import { FrameType } from '../../src/engine/wire/frame'
import { decodeHello } from '../../src/engine/wire/hello'
import { createPeer } from '../../src/peer/registry'
import { createTestNetwork } from '../../testing'
import { create, join, until } from './cast'
import { frame, hello, ready, request } from './mallory'
import { renaming } from './renaming'

const pass = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

describe('secrets', () => {
  test('without WebCrypto a secret throws UNSUPPORTED, and is never silently left out', () => {
    const secret = generateSecret()
    vi.stubGlobal('crypto', {})
    onTestFinished(() => void vi.unstubAllGlobals())
    const refusal = expect.objectContaining({ code: 'UNSUPPORTED' })
    expect(() => createPeer('nas', { secret })).toThrow(refusal)
  })

  test('a secret given to connect() ends a session that has not proved it, and nothing more is said to it', async () => {
    const { transport } = createTestNetwork()
    const laptop = create('laptop', { transport, accept: 'anyone' })
    await laptop.open()
    const mallory = await join(transport, 'nas')
    const link = await mallory.enter('laptop')
    const connection = laptop.connect('nas')
    await until(() => connection.$status.get().state === 'open', 'the session to be there')
    laptop.connect('nas', { secret: generateSecret() })
    const answer = connection.request('files', 'my password').catch((error) => error)
    await link.closed()
    expect(link.of(FrameType.Request)).toEqual([])
    await until(() => mallory.inbound.length > 0, 'the laptop to dial anew')
    const dialled = mallory.inbound[0]
    await dialled?.next(FrameType.Hello)
    dialled?.send(hello(), ready())
    await dialled?.closed()
    expect(dialled?.of(FrameType.Request)).toEqual([])
    expect(await answer).toMatchObject({ name: 'NanopeerError' })
  })

  test('a dial that was begun before the secret was given never speaks for the session that needs it', async () => {
    const { transport } = createTestNetwork()
    const laptop = create('laptop', { transport, reconnect: { minDelay: 10 } })
    const mallory = await join(transport, 'nas')
    await laptop.open()
    const connection = laptop.connect('nas')
    laptop.connect('nas', { secret: generateSecret() })
    const answer = connection.request('files', 'my password', { timeout: 2000 }).catch((error) => error)
    for (let dialled = 0; dialled < 2; dialled++) {
      await until(() => mallory.inbound.length > dialled, 'the laptop to dial')
      const link = mallory.inbound[dialled]
      await until(() => link?.isClosed || link?.of(FrameType.Hello).length === 1, 'the laptop to speak')
      const [first] = link?.of(FrameType.Hello) ?? []
      if (first) link?.send(hello({ to: decodeHello(first.payload).from }), ready())
      await link?.closed()
      expect(link?.of(FrameType.Request)).toEqual([])
      expect(link?.of(FrameType.Ready)).toEqual([])
      connection.reconnect()
    }
    expect(connection.$status.get().state).not.toBe('open')
    expect(await answer).toMatchObject({ name: 'NanopeerError' })
  })

  test('a secret once given to connect() stays when a later caller leaves it out', async () => {
    const { transport } = createTestNetwork()
    const laptop = create('laptop', { transport })
    const mallory = await join(transport, 'nas')
    laptop.connect('nas', { secret: generateSecret() })
    const connection = laptop.connect('nas', { timeout: 5000 })
    const answer = connection.request('files', 'my password').catch((error) => error)
    await until(() => mallory.inbound.length > 0, 'the laptop to dial')
    const link = mallory.inbound[0]
    await link?.next(FrameType.Auth)
    expect(link?.frames.map(({ type }) => type)).toEqual([FrameType.Hello, FrameType.Auth])
    link?.send(hello(), ready())
    expect(await answer).toMatchObject({ name: 'NanopeerError' })
  })

  test('a handshake without the secret that was begun before it was given comes to nothing', async () => {
    const { transport } = createTestNetwork()
    let decide = (_accepted: boolean) => {}
    const accept = () => new Promise<boolean>((resolve) => (decide = resolve))
    const laptop = create('laptop', { transport, accept })
    await laptop.open()
    const mallory = await join(transport, 'nas')
    const link = await mallory.dial('laptop')
    link.send(hello(), ready())
    await link.next(FrameType.Wait)
    const connection = laptop.connect('nas', { secret: generateSecret() })
    decide(true)
    await link.closed()
    expect(link.of(FrameType.Ready)).toEqual([])
    expect(connection.$status.get().state).not.toBe('open')
  })
})

describe('an id that somebody else has taken', () => {
  const secret = generateSecret()
  const world = async (options: PeerOptions) => {
    const net = createTestNetwork()
    const transport = renaming(net.transport, { mallory: 'friend' })
    const reports: unknown[] = []
    const nas = create('nas', { transport, ...options, onError: (error) => reports.push(error) })
    nas.handle('echo', (input) => input)
    await nas.open()
    const friendPeer = create('friend', { transport: net.transport, secret: options.secret })
    await friendPeer.open()
    const friend = friendPeer.connect('nas')
    expect(await friend.request('echo', 1)).toBe(1)
    return { net, nas, friend, reports, mallory: await join(net.transport, 'mallory') }
  }

  test('with a secret: its session goes on, however often another one dials under its name', async () => {
    const { net, friend, mallory } = await world({ secret })
    const nonce = new Uint8Array(32).fill(7)
    for (const first of [hello(), hello({ nonce }), hello({ nonce, from: 'friend' })]) {
      const link = await mallory.dial('nas')
      link.send(first, ready())
      expect(await friend.request('echo', 2)).toBe(2)
      await link.closed()
      expect(link.of(FrameType.Ready)).toEqual([])
    }
    // Not even while it is away.
    net.cut('nas', 'friend')
    const link = await mallory.dial('nas')
    link.send(hello({ nonce }), frame(FrameType.Auth, 0, nonce), ready(), request(2, 'echo'))
    await link.closed()
    expect(link.of(FrameType.Auth)).toEqual([])
    net.heal('nas', 'friend')
    expect(await friend.request('echo', 3)).toBe(3)
    expect(friend.$stats.get().links).toBe(2)
  })

  test('without one: a link that is alive is not replaced', async () => {
    const { friend, mallory } = await world({ accept: 'anyone' })
    for (let round = 0; round < 3; round++) {
      const link = await mallory.dial('nas')
      link.send(hello(), ready(), request(2, 'echo'))
      expect(await friend.request('echo', 2)).toBe(2)
      await link.closed()
      expect(link.of(FrameType.Ready)).toEqual([])
    }
    expect(friend.$stats.get().links).toBe(1)
  })

  test('without one: a handshake that was begun while the session was away does not end it when it is back', async () => {
    const { net, friend, mallory } = await world({ accept: 'anyone' })
    net.cut('nas', 'friend')
    const link = await mallory.dial('nas')
    link.send(hello())
    await pass(20)
    net.heal('nas', 'friend')
    expect(await friend.request('echo', 2)).toBe(2)
    link.send(ready(), request(2, 'echo'))
    await link.closed()
    expect(link.of(FrameType.Ready)).toEqual([])
    expect(await friend.request('echo', 3)).toBe(3)
    expect(friend.$stats.get().links).toBe(2)
  })

  test('without one: a plain client that was being judged when the session began does not take its place', async () => {
    const net = createTestNetwork()
    const transport = renaming(net.transport, { mallory: 'friend' })
    const decisions: ((accepted: boolean) => void)[] = []
    const accept = () => new Promise<boolean>((resolve) => decisions.push(resolve))
    const nas = create('nas', { transport, accept })
    nas.handle('echo', (input) => input)
    await nas.open()
    const mallory = await join(net.transport, 'mallory')
    const channel = await mallory.dialPlain('nas')
    let isClosed = false
    channel.listen({ message() {}, drained() {}, closed: () => (isClosed = true) } as never)
    await until(() => decisions.length === 1, 'accept to be asked of the plain client')
    const friendPeer = create('friend', { transport: net.transport })
    await friendPeer.open()
    const friend = friendPeer.connect('nas')
    const first = friend.request('echo', 1)
    await until(() => decisions.length === 2, 'accept to be asked of the friend')
    decisions[1]?.(true)
    expect(await first).toBe(1)
    decisions[0]?.(true)
    await until(() => isClosed, 'the plain channel to be closed')
    expect(await friend.request('echo', 2)).toBe(2)
    expect(friend.$stats.get().links).toBe(1)
  })

  test('without one: a handshake that was begun before the link came does not replace it later', async () => {
    const net = createTestNetwork()
    const transport = renaming(net.transport, { mallory: 'friend' })
    const nas = create('nas', { transport, accept: 'anyone' })
    nas.handle('echo', (input) => input)
    await nas.open()
    const mallory = await join(net.transport, 'mallory')
    const link = await mallory.dial('nas')
    link.send(hello())
    await pass(20)
    const friendPeer = create('friend', { transport: net.transport })
    await friendPeer.open()
    const friend = friendPeer.connect('nas')
    expect(await friend.request('echo', 1)).toBe(1)
    link.send(ready(), request(2, 'echo'))
    await link.closed()
    expect(link.of(FrameType.Ready)).toEqual([])
    expect(await friend.request('echo', 2)).toBe(2)
    expect(friend.$stats.get().links).toBe(1)
  })
})

test.each(['', '__proto__', 'constructor', '../nas', 'x'.repeat(200), '<img src=x>', 'nas'])(
  'a dial from what is no id of another device is ignored: %j',
  async (id) => {
    const { transport } = createTestNetwork()
    let events: SignallingEvents | null = null
    const spying: Transport = {
      ...transport,
      join: (own, options, given) => {
        events = given
        return transport.join(own, options, given)
      },
    }
    const nas = create('nas', { transport: spying, accept: 'anyone' })
    await nas.open()
    const told = events as unknown as SignallingEvents
    const isId = id === 'constructor'
    const offer = { remoteId: id, connectionId: 'dc_1', credential: null }
    expect(told.offer?.(offer)).toBe(isId ? 'stranger' : 'ignored')
    let closed = 0
    const link = { remoteId: id, close: async () => closed++ } as unknown as Link
    if (!isId) expect(() => told.link(link, 'stranger')).not.toThrow()
    expect(closed).toBe(isId ? 0 : 1)
    expect(nas.$connections.get()).toEqual([])
  },
)

test('a list of ids without a secret is warned of, once: ids prove nothing', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const nas = create('nas', { transport: createTestNetwork().transport, accept: ['laptop'] })
  nas.handle('a', () => 1)
  nas.handle('b', () => 1)
  expect(warn).toHaveBeenCalledTimes(1)
  expect(warn.mock.calls[0]?.[0]).toContain('prove nothing')
  warn.mockRestore()
})

test.each([0, -1, Number.NaN, '64'])('a limit that is no number above 0 is INVALID_INPUT: %s', (value) => {
  const limits = { handshakes: value } as unknown as PeerOptions['limits']
  expect(() => createPeer('nas', { limits })).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
})

test('what names a request in handlers and logs is no part of what resumes a session', async () => {
  const { transport } = createTestNetwork()
  const seen: string[] = []
  const nas = create('nas', {
    transport,
    accept: 'anyone',
    onEvent: (event) => seen.push(JSON.stringify(event)),
  })
  nas.handle('echo', (_input, { requestId }) => seen.push(requestId))
  await nas.open()
  const mallory = await join(transport, 'mallory')
  const link = await mallory.dial('nas')
  const { hello: theirs } = await link.shakeHands({ from: 'ours-alone' })
  link.send(request(1, 'echo'))
  await link.next(FrameType.Answer, 1)
  await until(() => seen.some((it) => it.includes('request-ended')), 'the events')
  expect(seen.join()).not.toContain('ours-alone')
  expect(seen.join()).not.toContain(theirs.from)
  await link.close()
})
