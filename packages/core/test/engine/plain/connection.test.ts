import { expect, test, vi } from 'vitest'
import type { SignallingEvents, Transport } from '../../../src/base/transport'
import type { Connection } from '../../../src/base/types'
import { ActionError, action, createPeer, generateSecret } from '../../../src/index'
import { channelPair } from '../../support/plain-channels'
import { createWorld } from '../../support/world'
// Loaded before: virtual time does not wait for a module.
import '../../../src/engine/plain'

const read = action.bytes<{ size: number }>('read')

/** A device of ours that plays an old one, and a laptop that dials it as such. */
const dialled = (protocol: 'envelope' | 'plain' = 'envelope') => {
  const world = createWorld()
  const nas = world.device('nas')
  nas.handle('echo', (input) => input)
  nas.handle('refuse', () => {
    throw new ActionError(418, 'A teapot')
  })
  nas.handle(read, ({ size }) => new Uint8Array(size).fill(7))
  const laptop = world.create('laptop', { reconnect: { minDelay: 500, maxDelay: 500 } })
  const connection = laptop.connect('nas', { protocol })
  return { ...world, nas, laptop, connection }
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error) => error.code,
  )

test('a request made before anything is open waits for the channel', async () => {
  const { connection, settled, state } = dialled()
  const list = vi.fn()
  connection.$requests.subscribe(list)
  const request = connection.request('echo', { a: [1] })
  expect(connection.$requests.get()).toMatchObject([{ action: 'echo', status: 'waiting' }])
  expect(await settled(request)).toEqual({ a: [1] })
  expect(state(connection)).toBe('open')
  expect(connection.$requests.get()).toEqual([])
})

test('answers come as from any device', async () => {
  const { connection, settled } = dialled()
  expect(await codeOf(settled(connection.request('refuse', null)))).toBe(418)
  expect(await codeOf(settled(connection.request('nope', null)))).toBe(404)
  const progress = vi.fn()
  const response = await settled(connection.request(read, { size: 1_000_000 }, { onProgress: progress }))
  const bytes = await settled(response.arrayBuffer())
  expect(bytes.byteLength).toBe(1_000_000)
  expect(progress).toHaveBeenLastCalledWith({ loaded: 1_000_000 })
})

test('a request given up while it waits is ABORTED, and one that waits too long TIMEOUT', async () => {
  const { connection, settled, net } = dialled()
  net.cut('laptop', 'nas')
  const controller = new AbortController()
  const aborted = connection.request('echo', 1, { signal: controller.signal })
  const late = connection.request('echo', 1, { timeout: 1000 })
  const codes = Promise.all([codeOf(aborted), codeOf(late)])
  controller.abort()
  expect(await settled(codes)).toEqual(['ABORTED', 'TIMEOUT'])
})

test('a device that is not there fails what waits, and is dialled with back-off while it is held', async () => {
  const { create, settled, device, state, clock } = createWorld()
  const laptop = create('laptop', { reconnect: { minDelay: 500, maxDelay: 500 } })
  const connection = laptop.connect('nas', { protocol: 'envelope' })
  connection.$status.listen(() => {})
  expect(await codeOf(settled(connection.request('echo', 1)))).toBe('PEER_UNAVAILABLE')
  expect(connection.$status.get()).toMatchObject({ state: 'closed', error: { code: 'PEER_UNAVAILABLE' } })
  expect(connection.$status.get().retryAt).not.toBeNull()
  device('nas').handle('echo', (input) => input)
  await clock.runUntil(() => state(connection) === 'open')
  expect(await settled(connection.request('echo', 1))).toBe(1)
})

test('a lost channel rejects what is pending, and the next one is another', async () => {
  const { connection, settled, net, nas, state, clock } = dialled()
  connection.$status.listen(() => {})
  let signal: AbortSignal | undefined
  nas.handle('wait', (_input, context) => {
    signal = context.signal
    return new Promise(() => {})
  })
  const pending = codeOf(connection.request('wait', null))
  await clock.runUntil(() => signal !== undefined)
  net.cut('laptop', 'nas')
  expect(await settled(pending)).toBe('CONNECTION_LOST')
  expect(connection.$status.get()).toMatchObject({ state: 'closed', error: { code: 'CONNECTION_LOST' } })
  await clock.advance(10)
  expect(signal?.aborted).toBe(true)
  net.heal('laptop', 'nas')
  await clock.runUntil(() => state(connection) === 'open')
  expect(await settled(connection.request('echo', 2))).toBe(2)
  expect(connection.$stats.get().links).toBe(2)
})

test('with retry a request is sent again over the next channel', async () => {
  const { connection, settled, net, nas, clock } = dialled()
  const ids: string[] = []
  nas.handle('count', (_input, { requestId }) => {
    ids.push(requestId)
    return ids.length === 1 ? new Promise(() => {}) : ids.length
  })
  const request = connection.request('count', null, { retry: true })
  await clock.runUntil(() => ids.length === 1)
  net.cut('laptop', 'nas')()
  expect(await settled(request)).toBe(2)
})

test('a path that falls silent is unstable, then lost', async () => {
  const { connection, settled, net, state, clock } = dialled()
  connection.$status.listen(() => {})
  await settled(connection.request('echo', 1))
  net.cut('laptop', 'nas', { silent: true })
  await clock.runUntil(() => state(connection) === 'unstable')
  await clock.runUntil(() => state(connection) === 'closed')
  expect(connection.$status.get()).toMatchObject({ error: { code: 'CONNECTION_LOST' } })
})

test('one that nobody holds is closed after a second, at both ends', async () => {
  const { connection, settled, nas, state, clock } = dialled()
  await settled(connection.request('echo', 1))
  await clock.advance(900)
  expect(state(connection)).toBe('open')
  await clock.advance(500)
  expect(state(connection)).toBe('closed')
  await clock.advance(100)
  expect(nas.$connections.get()).toEqual([])
})

test('one that the remote dialled is theirs: whoever looks at it neither dials nor closes it', async () => {
  const { connection, settled, nas, state, clock } = dialled()
  const release = connection.$status.listen(() => {})
  await settled(connection.request('echo', 1))
  const [inbound] = nas.$connections.get() as [Connection]
  inbound.$status.listen(() => {})()
  await clock.advance(3000)
  expect(state(connection)).toBe('open')
  release()
  await clock.advance(3000)
  expect([state(connection), inbound.$status.get().state]).toEqual(['closed', 'closed'])
})

test('plain messages go both ways, and wait for the channel and for the first listener', async () => {
  const { connection, settled, nas, clock } = dialled('plain')
  await settled(connection.send({ hello: 1 }))
  await clock.advance(100)
  const [inbound] = nas.$connections.get() as [Connection]
  const there: unknown[] = []
  inbound.onMessage((value) => there.push(value))
  expect(there).toEqual([{ hello: 1 }])
  const here: unknown[] = []
  connection.onMessage((value) => here.push(value))
  await settled(inbound.send({ action: 'x', request: { id: '1' }, response: {} }))
  await clock.advance(100)
  expect(here).toEqual([{ action: 'x', request: { id: '1' }, response: {} }])
  expect(await codeOf(settled(connection.request('echo', 1)))).toBe('UNSUPPORTED')
})

test('a remote that is not accepted is closed; one that we dial is only refused', async () => {
  const { create, device, settled, clock } = createWorld()
  const nas = device('nas', { accept: ['somebody'] })
  nas.handle('echo', (input) => input)
  const laptop = create('laptop')
  laptop.handle('echo', (input) => input)
  const connection = laptop.connect('nas', { protocol: 'envelope' })
  expect(await codeOf(settled(connection.request('echo', 1)))).toBe('CONNECTION_LOST')
  await clock.advance(5000)
  expect(nas.$connections.get()).toEqual([])
  // The other way round: the laptop accepts nobody, but has dialled this one.
  const open = device('open')
  await settled(
    laptop
      .connect('open', { protocol: 'envelope' })
      .request('nope', null)
      .catch(() => {}),
  )
  const [inbound] = open.$connections.get() as [Connection]
  expect(await codeOf(settled(inbound.request('echo', 1)))).toBe(403)
})

test('accept may take its time, and hears what the client said of itself', async () => {
  const { create, device, settled, clock } = createWorld()
  const remotes: unknown[] = []
  const nas = device('nas', {
    accept: async (remote) => {
      remotes.push(remote)
      await new Promise<void>((resolve) => clock.after(3000, resolve))
      return true
    },
  })
  nas.handle('echo', (input) => input)
  const laptop = create('laptop')
  const connection = laptop.connect('nas', { protocol: 'envelope', metadata: { name: 'Ann' } })
  expect(await settled(connection.request('echo', 1))).toBe(1)
  expect(remotes).toEqual([{ id: 'laptop', key: null, metadata: { name: 'Ann' }, authenticated: false }])
})

test('with a secret, at either end, there is no talk with a PeerJS client', async () => {
  const secret = generateSecret()
  const { create, device, settled, clock } = createWorld()
  device('locked', { secret, accept: 'anyone' }).handle('echo', (input) => input)
  device('open').handle('echo', (input) => input)
  const laptop = create('laptop')
  const toLocked = laptop.connect('locked', { protocol: 'envelope' })
  expect(await codeOf(settled(toLocked.request('echo', 1)))).toBe('CONNECTION_LOST')
  const withSecret = laptop.connect('open', { protocol: 'envelope', secret })
  expect(await codeOf(settled(withSecret.request('echo', 1)))).toBe('UNSUPPORTED')
  const later = create('later').connect('open', { protocol: 'envelope' })
  expect(await settled(later.request('echo', 1))).toBe(1)
  later.peer.connect('open', { protocol: 'envelope', secret })
  await clock.advance(100)
  expect(await codeOf(settled(later.request('echo', 1)))).toBe('UNSUPPORTED')
})

test('connect() may change the protocol; what was on is closed', async () => {
  const { connection, laptop, settled, nas, state, clock } = dialled()
  await settled(connection.request('echo', 1))
  expect(laptop.connect('nas', { protocol: 'nanopeer' })).toBe(connection)
  const release = connection.$status.listen(() => {})
  expect(await settled(connection.request('echo', { date: new Date(5) }))).toEqual({ date: new Date(5) })
  expect(nas.$connections.get()).toHaveLength(1)
  laptop.connect('nas', { protocol: 'envelope' })
  expect(await settled(connection.request('echo', { date: new Date(5) }))).toEqual({
    date: '1970-01-01T00:00:00.005Z',
  })
  await clock.advance(100)
  expect(state(connection)).toBe('open')
  release()
})

test('a PeerJS client cannot take the place of a session', async () => {
  const { settled, create, net, clock } = createWorld()
  let dialled: SignallingEvents['plain'] = () => {}
  const transport: Transport = {
    ...net.transport,
    join(id, options, events) {
      dialled = events.plain
      return net.transport.join(id, options, events)
    },
  }
  const nas = create('nas', { transport, accept: 'anyone' })
  nas.handle('echo', (input) => input)
  await settled(nas.open())
  const connection = create('laptop').connect('nas')
  connection.$status.listen(() => {})
  await settled(connection.request('echo', 1))
  // Somebody else has taken the laptop's id.
  const [near, far] = channelPair(clock)
  dialled(Object.assign(near, { remoteId: 'laptop' }), 'stranger')
  await clock.advance(100)
  expect(far.isClosed).toBe(true)
  expect(await settled(connection.request('echo', 2))).toBe(2)
  expect(connection.$stats.get().links).toBe(1)
})

test('a session takes the place of a PeerJS client', async () => {
  const { connection, settled, nas, clock, net } = dialled()
  connection.$status.listen(() => {})
  await settled(connection.request('echo', 1))
  const [inbound] = nas.$connections.get() as [Connection]
  // The page was updated, and its old link hangs.
  net.kill('laptop')
  const updated = createPeer('laptop', { transport: { ...net.transport }, onError() {} })
  const again = updated.connect('nas')
  expect(await settled(again.request('echo', { date: new Date(5) }))).toEqual({ date: new Date(5) })
  expect(nas.$connections.get()).toEqual([inbound])
  await clock.advance(10_000)
  expect(inbound.$status.get().state).toBe('closed')
  await settled(updated.destroy())
})

test('destroying the peer sends what is queued, and closes', async () => {
  const { connection, settled, laptop, nas, clock, net } = dialled('plain')
  net.rate(100_000)
  await settled(connection.send('first'))
  await clock.advance(100)
  const [inbound] = nas.$connections.get() as [Connection]
  const heard: unknown[] = []
  inbound.onMessage((value) => heard.push(value))
  const last = connection.send(new Uint8Array(150_000))
  await settled(laptop.destroy())
  await last
  await clock.advance(5000)
  expect(heard.map((value) => (value instanceof ArrayBuffer ? value.byteLength : value))).toEqual([
    'first',
    150_000,
  ])
})
