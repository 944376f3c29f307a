import { expect, test, vi } from 'vitest'
import type { Connection } from '../../src/base/types'
import { createWorld } from '../support/world'

test('a dial to nobody fails that connection alone, with PEER_UNAVAILABLE, and is tried again while held', async () => {
  const { clock, create, device, settled, state } = createWorld()
  const nas = device('nas')
  nas.handle('hello', () => 'hi')
  const laptop = create('laptop')
  const good = laptop.connect('nas')
  const bad = laptop.connect('printer')
  bad.$status.listen(() => {})
  const request = bad.request('hello', null)
  request.catch(() => {})
  expect(await settled(good.request('hello', null))).toBe('hi')
  await expect(settled(request)).rejects.toMatchObject({ code: 'PEER_UNAVAILABLE' })
  expect(bad.$status.get()).toMatchObject({ state: 'closed', error: { code: 'PEER_UNAVAILABLE' } })
  expect(bad.$status.get().retryAt).toBeGreaterThan(0)
  expect(state(laptop)).toBe('open')
  device('printer').handle('hello', () => 'printed')
  await clock.runUntil(() => state(bad) === 'open')
  expect(await settled(bad.request('hello', null))).toBe('printed')
})

test('reconnect() dials now instead of at the next due time', async () => {
  const { clock, create, device, state } = createWorld()
  const laptop = create('laptop', { reconnect: { minDelay: 20_000, maxDelay: 20_000 } })
  const connection = laptop.connect('nas')
  connection.$status.listen(() => {})
  await clock.runUntil(() => connection.$status.get().retryAt !== null)
  device('nas')
  await clock.advance(100)
  const before = clock.now()
  connection.reconnect()
  await clock.runUntil(() => state(connection) === 'open')
  expect(clock.now() - before).toBeLessThan(5000)
})

test('a dial that nobody answers ends at its deadline', async () => {
  const { clock, net, create, device, settled } = createWorld()
  device('nas')
  const laptop = create('laptop')
  laptop.$status.listen(() => {})
  await clock.advance(1000)
  net.cut('nas', 'laptop')
  const before = clock.now()
  const request = laptop.connect('nas').request('hello', null)
  await expect(settled(request)).rejects.toMatchObject({ code: 'TIMEOUT' })
  expect(clock.now() - before).toBeGreaterThanOrEqual(15_000)
  expect(clock.now() - before).toBeLessThan(16_000)
})

test('a dial waits for a peer that is not open yet', async () => {
  const { clock, net, create, device, settled } = createWorld()
  device('nas').handle('hello', () => 'hi')
  await clock.advance(1000)
  net.signalling('down')
  const laptop = create('laptop')
  const request = laptop.connect('nas').request('hello', null)
  await clock.advance(2000)
  net.signalling('up')
  expect(await settled(request)).toBe('hi')
})

test('the same remote is always the same connection', () => {
  const { create } = createWorld()
  const laptop = create('laptop')
  expect(laptop.connect('nas')).toBe(laptop.connect('nas'))
  expect(Object.isFrozen(laptop.connect('nas'))).toBe(true)
})

test('connecting to oneself, or to what is no id, is INVALID_ID', () => {
  const { create } = createWorld()
  const laptop = create('laptop')
  for (const id of ['laptop', '', ' nas', '../nas', 'x'.repeat(200)]) {
    expect(() => laptop.connect(id)).toThrow(expect.objectContaining({ code: 'INVALID_ID' }))
  }
})

test('without `accept` nobody is served, and the device is told what to set', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const { create, settled } = createWorld()
  const nas = create('nas')
  nas.handle('hello', () => 'hi')
  expect(warn.mock.calls.flat().join()).toContain('accept')
  void nas.open()
  const connection = create('laptop').connect('nas')
  await expect(settled(connection.request('hello', null))).rejects.toMatchObject({ code: 'REFUSED' })
  expect(connection.$status.get()).toMatchObject({
    state: 'closed',
    error: { code: 'REFUSED' },
    retryAt: null,
  })
  warn.mockRestore()
})

test('a remote that we dialled ourselves is kept, and only its requests are refused', async () => {
  const { clock, create, device, settled } = createWorld()
  const nas = device()
  nas.handle('hello', () => 'hi')
  const laptop = create('laptop', { accept: ['somebody-else'] })
  laptop.handle('whoami', () => 'laptop')
  const connection = laptop.connect('nas')
  expect(await settled(connection.request('hello', null))).toBe('hi')
  const inbound = nas.$connections.get()[0] as Connection
  await expect(settled(inbound.request('whoami', null))).rejects.toMatchObject({ code: 'REFUSED' })
  expect(await settled(connection.request('hello', null))).toBe('hi')
  await clock.advance(100)
})

test('accept is asked once per session, may take its time, and sees what the remote said of itself', async () => {
  const { clock, create, device, settled } = createWorld()
  const asked: unknown[] = []
  const nas = device('nas', {
    accept: (remote) => {
      asked.push(remote)
      return new Promise((resolve) => clock.after(20_000, () => resolve(remote.metadata === 'please')))
    },
  })
  nas.handle('hello', () => 'hi')
  const connection = create('laptop').connect('nas', { metadata: 'please' })
  expect(await settled(connection.request('hello', null))).toBe('hi')
  expect(await settled(connection.request('hello', null))).toBe('hi')
  expect(asked).toEqual([{ id: 'laptop', key: null, metadata: 'please', authenticated: false }])
  const rude = create('rude').connect('nas')
  await expect(settled(rude.request('hello', null))).rejects.toMatchObject({ code: 'REFUSED' })
})

test('plain messages arrive in order, whatever their size, and wait for the first listener', async () => {
  const { clock, create, device, settled } = createWorld({ rate: 1_000_000 })
  const nas = device()
  const connection = create('laptop').connect('nas')
  connection.$status.listen(() => {})
  const sent = Array.from({ length: 40 }, (_, number) => ({
    number,
    filler: 'x'.repeat((number % 4) * 20_000),
  }))
  await settled(Promise.all(sent.map((value) => connection.send(value))))
  await clock.advance(2000)
  const received: unknown[] = []
  ;(nas.$connections.get()[0] as Connection).onMessage((value) => received.push(value))
  await clock.runUntil(() => received.length === sent.length)
  expect(received).toEqual(sent)
})

test('a device that is gone without a word is unstable within 4 s, and its requests end once', async () => {
  const { clock, net, create, device, settled, state } = createWorld()
  const nas = device()
  nas.handle('slow', () => new Promise(() => {}))
  const connection = create('laptop').connect('nas')
  const states: string[] = []
  connection.$status.listen(({ state }) => states.push(state))
  await clock.runUntil(() => state(connection) === 'open')
  const request = connection.request('slow', null, { timeout: 0 })
  request.catch(() => {})
  await clock.advance(1000)
  net.kill('nas')
  const before = clock.now()
  await clock.runUntil(() => state(connection) === 'unstable')
  expect(clock.now() - before).toBeLessThanOrEqual(4000)
  await expect(settled(request)).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
})

test('an open connection that hears nothing for a while and then does is open again, on the same link', async () => {
  const { clock, net, create, device, state } = createWorld()
  device()
  const connection = create('laptop').connect('nas')
  const states: string[] = []
  connection.$status.listen(({ state }) => states.push(state))
  await clock.runUntil(() => state(connection) === 'open')
  net.cut('nas', 'laptop', { silent: true })
  await clock.runUntil(() => state(connection) === 'unstable')
  net.heal('nas', 'laptop')
  await clock.runUntil(() => state(connection) === 'open')
  await clock.advance(30_000)
  expect(states).toEqual(['open', 'unstable', 'open'])
  expect(connection.$stats.get().links).toBe(1)
})

test('stats count bytes and links and say how the link travels', async () => {
  const { clock, create, device, settled } = createWorld({ delay: 25 })
  device().handle('echo', (value) => value)
  const connection = create('laptop').connect('nas')
  connection.$stats.listen(() => {})
  await settled(connection.request('echo', 'x'.repeat(10_000)))
  await clock.advance(3000)
  const stats = connection.$stats.get()
  expect(stats).toMatchObject({ route: 'direct', links: 1 })
  expect(stats.sent).toBeGreaterThan(10_000)
  expect(stats.received).toBeGreaterThan(10_000)
  expect(stats.rtt).toBeGreaterThanOrEqual(50)
  expect(stats.rtt).toBeLessThan(60)
})

test('both sides dialling at once end in one link', async () => {
  const { clock, device, settled } = createWorld({ delay: 20 })
  const [a, b] = [device('a'), device('b')]
  a.handle('echo', (input) => ['a', input])
  b.handle('echo', (input) => ['b', input])
  // Longer than a HELLO travels: a device that took its id later may be the next life of one that was asked before.
  await clock.advance(1000)
  const [ab, ba] = [a.connect('b'), b.connect('a')]
  const answers = await settled(Promise.all([ab.request('echo', 1), ba.request('echo', 2)]))
  expect(answers).toEqual([
    ['b', 1],
    ['a', 2],
  ])
  expect([ab.$stats.get().links, ba.$stats.get().links]).toEqual([1, 1])
})
