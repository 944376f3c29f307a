import { once } from 'node:events'
import { connect as connectTcp, type Socket } from 'node:net'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { metric } from './support/metrics'
import { patience } from './support/patience'
import { startServer } from './support/servers'
import { connect, register, type TestClient } from './support/test-client'

const operations = { port: 0 }

/** The time of day stands still until the test is over, but for what is passed. Timers go on. */
const stopTheTime = () => {
  let time = Date.now()
  const spy = vi.spyOn(Date, 'now').mockImplementation(() => time)
  onTestFinished(() => spy.mockRestore())
  return {
    pass(ms: number) {
      time += ms
    },
  }
}

describe('floods', () => {
  it('reads a client that sends too much slowly, and serves the others meanwhile', async () => {
    const server = await startServer({ limits: { messagesPerSecond: 50 }, operations })
    const flood = await register(server.port, 'flood')
    const other = await register(server.port, 'other')
    for (let sent = 0; sent < 20_000; sent += 1) flood.send('OFFER', 'other', 'x'.repeat(100))
    await vi.waitUntil(async () => (await metric(server, 'nanopeer_pauses_total')) > 0, patience)
    await other.caughtUp()
    expect(await metric(server, 'nanopeer_messages_total')).toBeLessThan(10_000)
    expect(flood.socket.readyState).toBe(flood.socket.OPEN)
  })

  it('cuts a socket that brings thousands of tiny frames at once, registered or not, and serves the others', async () => {
    const server = await startServer({
      authorize: async ({ id }) => id !== 'early' || new Promise(() => {}),
      operations,
    })
    const flood = await register(server.port, 'flood')
    const early = await connect(server.port, { id: 'early' })
    const other = await register(server.port, 'other')
    // A masked text frame of an empty object.
    const frames = Buffer.alloc(60_000, Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x7b, 0x7d]))
    for (const { socket } of [flood, early]) (socket as unknown as { _socket: Socket })._socket.write(frames)
    await Promise.all([flood.ended, early.ended])
    await other.caughtUp()
    expect(await metric(server, 'nanopeer_closes_total{reason="flooding"}')).toBe(1)
  })

  it('handles what a client said in one go before it closed', async () => {
    const server = await startServer()
    const other = await register(server.port, 'other')
    const client = await register(server.port, 'alice')
    for (let sent = 1; sent <= 100; sent += 1) client.send('LEAVE', 'other', sent)
    await client.close()
    expect((await other.caughtUp()).map(({ payload }) => payload)).toEqual(
      Array.from({ length: 100 }, (_, index) => index + 1),
    )
  })

  it('counts pings as well', async () => {
    const server = await startServer({ limits: { messagesPerSecond: 5 }, operations })
    const client = await register(server.port, 'alice')
    for (let sent = 0; sent < 60; sent += 1) client.socket.ping()
    await vi.waitUntil(async () => (await metric(server, 'nanopeer_pauses_total')) > 0, patience)
  })

  it('lets no more than 16 frames wait before OPEN', async () => {
    const server = await startServer({ authorize: () => new Promise(() => {}) })
    const early = await connect(server.port)
    for (let sent = 0; sent < 17; sent += 1) early.send('HEARTBEAT')
    expect(await early.ended).toMatchObject({ code: 1008 })
  })

  it('lets no more than 16 KiB of text wait before OPEN, and counts a socket once that sends on', async () => {
    const server = await startServer({ authorize: () => new Promise(() => {}), operations })
    const early = await connect(server.port)
    for (let sent = 0; sent < 10; sent += 1) early.send('OFFER', 'bob', 'x'.repeat(10_000))
    expect(await early.ended).toMatchObject({ code: 1008 })
    expect(await metric(server, 'nanopeer_refusals_total{reason="early"}')).toBe(1)
  })

  it('lets a call of a PeerJS client wait before OPEN, and the echoes of a nanopeer with the longest id', async () => {
    let admit = () => {}
    const asked = new Promise<boolean>((resolve) => {
      admit = () => resolve(true)
    })
    const server = await startServer({ authorize: () => asked })
    const id = 'x'.repeat(256)
    const early = await connect(server.port, { id })
    for (let sent = 0; sent < 6; sent += 1) early.send('LEAVE', id, { nonce: crypto.randomUUID() })
    early.send('OFFER', id, { sdp: { type: 'offer', sdp: 'x'.repeat(7_000) }, type: 'media' })
    for (let sent = 0; sent < 8; sent += 1) early.send('CANDIDATE', id, { candidate: 'x'.repeat(300) })
    admit()
    for (const type of ['OPEN', ...Array(6).fill('LEAVE'), 'OFFER', ...Array(8).fill('CANDIDATE')])
      expect(await early.next()).toMatchObject({ type })
  })

  it('handles what came before OPEN in its order, after it', async () => {
    let admit = (_answer: boolean) => {}
    const asked = new Promise<void>((resolve) => {
      admit = () => resolve()
    })
    const server = await startServer({ authorize: () => asked.then(() => true) })
    const early = await connect(server.port, { id: 'alice' })
    early.send('LEAVE', 'alice', 1)
    early.send('LEAVE', 'alice', 2)
    admit(true)
    expect([await early.next(), await early.next(), await early.next()]).toMatchObject([
      { type: 'OPEN' },
      { type: 'LEAVE', payload: 1 },
      { type: 'LEAVE', payload: 2 },
    ])
  })

  it('lets so many messages wait for one destination, and says EXPIRE for more at once', async () => {
    const server = await startServer({ limits: { queued: 2 } })
    const [alice, carol, dave] = [
      await register(server.port, 'alice'),
      await register(server.port, 'carol'),
      await register(server.port, 'dave'),
    ]
    alice.send('OFFER', 'bob', 1)
    await alice.caughtUp()
    carol.send('OFFER', 'bob', 2)
    await carol.caughtUp()
    dave.send('OFFER', 'bob', 3)
    expect(await dave.next()).toMatchObject({ type: 'EXPIRE', src: 'bob' })
    const bob = await register(server.port, 'bob')
    expect((await bob.caughtUp()).map(({ payload }) => payload)).toEqual([1, 2])
  })

  it('leaves room for the dials of others where one client lets wait what it can', async () => {
    const server = await startServer()
    const [alice, carol] = [await register(server.port, 'alice'), await register(server.port, 'carol')]
    for (let payload = 0; payload < 256; payload += 1) alice.send('OFFER', 'bob', payload)
    expect(await alice.next()).toMatchObject({ type: 'EXPIRE', src: 'bob' })
    for (let payload = 0; payload < 30; payload += 1) carol.send('CANDIDATE', 'bob', payload)
    await carol.caughtUp()
    const bob = await register(server.port, 'bob')
    const sources = (await bob.caughtUp()).map(({ src }) => src)
    expect(sources.filter((src) => src === 'carol')).toHaveLength(30)
    expect(sources.filter((src) => src === 'alice').length).toBeGreaterThan(40)
  })

  it('lets no more than 64 MiB wait on a node in all', async () => {
    const server = await startServer({ limits: { messagesPerSecond: 1e6 } })
    const alice = await register(server.port, 'alice')
    const payload = 'x'.repeat(100_000)
    for (let sent = 0; sent < 400; sent += 1) alice.send('OFFER', `nobody-${sent}`, payload)
    expect(await alice.next()).toMatchObject({ type: 'EXPIRE' })
  })

  it('answers 503 to more sockets than it takes in a second', async () => {
    const server = await startServer({ limits: { registrationsPerSecond: 2 } })
    // The second does not pass while they come.
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    await register(server.port, 'one')
    await register(server.port, 'two')
    await expect(connect(server.port, { id: 'three' })).rejects.toThrow('503')
  })

  it('takes no more sockets from one address than it may have', async () => {
    const server = await startServer({ limits: { perAddress: 2 } })
    const one = await register(server.port, 'one')
    await register(server.port, 'two')
    await expect(connect(server.port, { id: 'three' })).rejects.toThrow()
    await one.close()
    const isAdmitted = () =>
      register(server.port, 'three').then(
        () => true,
        () => false,
      )
    await vi.waitUntil(isAdmitted, patience)
  })
})

describe('slow readers', () => {
  const payload = 'x'.repeat(100_000)

  /** Sends to somebody who does not read, until that is too much. */
  const overwhelm = async (sender: TestClient, dst: string) => {
    for (let round = 0; round < 100; round += 1) {
      for (let sent = 0; sent < 20; sent += 1) sender.send('CANDIDATE', dst, payload)
      const [expired] = await sender.caughtUp()
      if (expired) return expired
    }
    throw new Error('Nothing was too much.')
  }

  it('are not thrown off by who sends too much: that one is told, and others still reach them', async () => {
    const server = await startServer({ limits: { messagesPerSecond: 1e6 }, operations })
    const slow = await register(server.port, 'slow')
    const mallory = await register(server.port, 'mallory')
    const friend = await register(server.port, 'friend')
    slow.socket.pause()
    expect(await overwhelm(mallory, 'slow')).toMatchObject({ type: 'EXPIRE', src: 'slow' })
    friend.send('OFFER', 'slow', 'x'.repeat(2_000))
    expect(await friend.caughtUp()).toEqual([])
    expect(await metric(server, 'nanopeer_messages_dropped_total')).toBeGreaterThan(0)
    slow.socket.resume()
    const read = await slow.caughtUp()
    expect(read.filter(({ src }) => src === 'friend')).toHaveLength(1)
    expect(server.clients).toBe(3)
    friend.send('OFFER', 'slow')
    expect(await slow.next()).toMatchObject({ type: 'OFFER', src: 'friend' })
  })

  it('can register however much waits for them', async () => {
    const server = await startServer({ limits: { messagesPerSecond: 1e6 } })
    const mallory = await register(server.port, 'mallory')
    for (let sent = 0; sent < 256; sent += 1) mallory.send('OFFER', 'slow', payload)
    await mallory.caughtUp()
    const slow = await register(server.port, 'slow')
    await slow.caughtUp()
    expect(slow.socket.readyState).toBe(slow.socket.OPEN)
  })

  it('are disconnected when they read nothing at all, however lively they are, and the others hear nothing of it', async () => {
    const limits = { messagesPerSecond: 1e6 }
    const server = await startServer({ limits, timeouts: { alive: 1_500 }, operations })
    const slow = await register(server.port, 'slow')
    const alice = await register(server.port, 'alice')
    slow.socket.pause()
    await overwhelm(alice, 'slow')
    slow.socket.ping()
    await alice.caughtUp()
    const time = stopTheTime()
    time.pass(1_000)
    slow.socket.ping()
    await alice.caughtUp()
    // It has read nothing for 1,500 ms, and was heard of 500 ago.
    time.pass(500)
    const isClosed = async () => (await metric(server, 'nanopeer_closes_total{reason="slowReader"}')) === 1
    await vi.waitUntil(isClosed, patience)
    await alice.caughtUp()
    expect(server.clients).toBe(1)
    slow.socket.terminate()
  })
})

describe('bad frames', () => {
  it.each(['', 'null', '5', '"text"', '[]', '{"type":', `${'['.repeat(60_000)}${']'.repeat(60_000)}`])(
    'closes a client with 1007 for %.20s',
    async (text) => {
      const server = await startServer()
      const client = await register(server.port, 'alice')
      client.sendText(text)
      expect(await client.ended).toEqual({ code: 1007, reason: 'invalidFrame' })
    },
  )

  it('closes a client whose payload cannot be written again', async () => {
    const server = await startServer()
    const client = await register(server.port, 'alice')
    const deep = `${'['.repeat(60_000)}${']'.repeat(60_000)}`
    client.sendText(`{"type":"OFFER","dst":"alice","payload":${deep}}`)
    expect(await client.ended).toEqual({ code: 1007, reason: 'invalidFrame' })
  })

  it.each([
    ['a number', 5],
    ['an object', {}],
    ['too long', 'x'.repeat(257)],
    ['lines', 'a\nb'],
    ['nothing', ''],
  ])('ignores a destination that is %s', async (_what, dst) => {
    const server = await startServer()
    const client = await register(server.port, 'alice')
    client.sendText(JSON.stringify({ type: 'OFFER', dst }))
    expect(await client.caughtUp()).toEqual([])
  })

  it.each([
    ['text that is no UTF-8', Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0xff]), 1007],
    ['an unknown kind of frame', Buffer.from([0x83, 0x80, 0, 0, 0, 0]), 1002],
    ['a frame without a mask', Buffer.from([0x81, 0x01, 0x41]), 1002],
    [
      'a length beyond all limits',
      Buffer.from([0x81, 0xff, 0x7f, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0]),
      1009,
    ],
  ])('closes a socket that sends %s, and nothing else ends', async (_what, bytes, code) => {
    const server = await startServer()
    const other = await register(server.port, 'other')
    const client = await register(server.port, 'alice')
    const raw = (client.socket as unknown as { _socket: import('node:net').Socket })._socket
    raw.write(bytes)
    expect((await client.ended).code).toBe(code)
    expect(await other.caughtUp()).toEqual([])
  })

  it.each(['\x16\x03\x01\x02\x00\x01', 'GET\r\n\r\n', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`])(
    'survives bytes that are no request: %.12s',
    async (bytes) => {
      const server = await startServer()
      const socket = connectTcp(server.port, '127.0.0.1')
      socket.write(bytes)
      socket.resume()
      await once(socket, 'close')
      await register(server.port, 'alice')
    },
  )
})

describe('guessing of ids', () => {
  it('stops listening to an address after so many refusals, before the socket is open', async () => {
    const server = await startServer({ limits: { refusalsPerMinute: 3 } })
    await register(server.port, 'alice', { token: 'secret' })
    for (const token of ['one', 'two', 'three']) {
      const guess = await connect(server.port, { id: 'alice', token })
      expect(await guess.next()).toMatchObject({ type: 'ID-TAKEN' })
      await guess.ended
    }
    await expect(connect(server.port, { id: 'alice', token: 'secret' })).rejects.toThrow('429')
  })

  it('counts each address behind a proxy by itself', async () => {
    const server = await startServer({ limits: { refusalsPerMinute: 1 }, trustProxy: true })
    const from = (address: string) => ({ headers: { 'x-forwarded-for': `203.0.113.66, ${address}` } })
    const guess = await connect(server.port, { key: 'wrong', ...from('198.51.100.1') })
    await guess.ended
    await expect(connect(server.port, from('198.51.100.1'))).rejects.toThrow('429')
    await connect(server.port, from('198.51.100.2'))
  })
})

describe('guessing of ids over IPv6', () => {
  it('is counted for a whole /64, which is what one household has', async () => {
    const server = await startServer({ limits: { refusalsPerMinute: 2 }, trustProxy: true })
    const from = (address: string) => ({ headers: { 'x-forwarded-for': address } })
    for (const address of ['2001:db8:1::1', '2001:db8:1:0:7::2']) {
      await (await connect(server.port, { key: 'wrong', ...from(address) })).ended
    }
    await expect(connect(server.port, from('2001:db8:1::3'))).rejects.toThrow('429')
    await connect(server.port, from('2001:db8:1:1::3'))
  })
})

describe('silent clients', () => {
  it('are disconnected after a time without any frame', async () => {
    const server = await startServer({ timeouts: { alive: 300 } })
    const client = await register(server.port, 'alice')
    expect(await client.ended).toEqual({ code: 4002, reason: 'silent' })
    await register(server.port, 'alice', { token: 'of somebody else' })
  })

  it.each(['ping', 'pong'] as const)('live by a %s as well', async (kind) => {
    const time = stopTheTime()
    const server = await startServer({ timeouts: { alive: 1_500 } })
    const silent = await register(server.port, 'silent')
    const client = await register(server.port, 'alice')
    const other = await register(server.port, 'other')
    time.pass(1_000)
    client.socket[kind]()
    // What was written before has been read by then.
    await other.caughtUp()
    time.pass(500)
    expect(await silent.ended).toEqual({ code: 4002, reason: 'silent' })
    expect(await client.caughtUp()).toEqual([])
  })
})
