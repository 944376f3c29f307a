import { expect, test, vi } from 'vitest'
import type { Connection } from '../../src/base/types'
import { getPeer } from '../../src/index'
import { peerControllerOf } from '../../src/peer/controller'
import { createTestNetwork } from '../../testing'
import { createWorld } from '../support/world'

test('reading a store opens nothing', async () => {
  const { clock, create, state } = createWorld()
  const peer = create('laptop')
  expect(peer.$status.get().state).toBe('idle')
  expect(peer.$connections.get()).toEqual([])
  expect(peerControllerOf(peer).lookup('nas').handle.$status.get().state).toBe('idle')
  await clock.advance(5000)
  expect(state(peer)).toBe('idle')
})

test('a listener holds the peer, and it is let go 1 s after the last one left', async () => {
  const { clock, create, state } = createWorld()
  const peer = create('laptop')
  const unlisten = peer.$status.listen(() => {})
  await clock.runUntil(() => state(peer) === 'open')
  unlisten()
  await clock.advance(900)
  expect(state(peer)).toBe('open')
  await clock.advance(200)
  expect(state(peer)).toBe('idle')
})

test('a listener that comes back within the second keeps everything as it is', async () => {
  const { clock, create, state } = createWorld()
  const peer = create('laptop')
  const states: string[] = []
  const unlisten = peer.$status.listen(({ state }) => states.push(state))
  await clock.runUntil(() => state(peer) === 'open')
  unlisten()
  await clock.advance(900)
  peer.$status.listen(({ state }) => states.push(state))
  await clock.advance(5000)
  expect(states).toEqual(['connecting', 'open'])
})

test('a connection is dialled when something holds it, and closed 1 s after nothing does', async () => {
  const { clock, create, device, state } = createWorld()
  device()
  const laptop = create('laptop')
  const connection = peerControllerOf(laptop).lookup('nas').handle
  await clock.advance(3000)
  expect(state(connection)).toBe('idle')
  const unlisten = connection.$status.listen(() => {})
  await clock.runUntil(() => state(connection) === 'open')
  expect(state(laptop)).toBe('open')
  unlisten()
  await clock.advance(1100)
  expect(state(connection)).toBe('closed')
  await clock.advance(1100)
  expect(state(laptop)).toBe('idle')
})

test('a pending request holds its connection and its peer, on both sides', async () => {
  const { clock, create, device, settled, state } = createWorld()
  const nas = device()
  nas.handle('slow', () => new Promise((resolve) => clock.after(20_000, () => resolve('done'))))
  const laptop = create('laptop')
  const connection = laptop.connect('nas')
  const answer = connection.request('slow', null)
  await clock.advance(10_000)
  expect([state(laptop), state(connection)]).toEqual(['open', 'open'])
  expect(await settled(answer)).toBe('done')
  await clock.advance(2500)
  expect([state(laptop), state(connection)]).toEqual(['idle', 'closed'])
})

test('an inbound connection belongs to its remote: watching it neither dials nor closes it', async () => {
  const { clock, create, device, state } = createWorld()
  const nas = device()
  const laptop = create('laptop')
  const outbound = laptop.connect('nas')
  const unhold = outbound.$status.listen(() => {})
  await clock.runUntil(() => nas.$connections.get().length === 1)
  const inbound = nas.$connections.get()[0] as Connection
  const unwatch = inbound.$status.listen(() => {})
  await clock.advance(2000)
  unwatch()
  await clock.advance(2000)
  expect([state(inbound), state(outbound)]).toEqual(['open', 'open'])
  inbound.$status.listen(() => {})
  unhold()
  await clock.advance(3000)
  expect([state(inbound), state(outbound)]).toEqual(['closed', 'closed'])
})

test('a remote that came and went leaves no connection behind', async () => {
  const { clock, create, device, settled } = createWorld()
  const nas = device()
  nas.handle('hello', () => 'hi')
  for (let visit = 0; visit < 20; visit++) {
    const visitor = create(`visitor-${visit}`)
    await settled(visitor.connect('nas').request('hello', null))
    await settled(visitor.destroy())
  }
  await clock.advance(5000)
  expect(nas.$connections.get()).toEqual([])
})

test('a remote that was asked and written to while it was here is not dialled or kept when it has gone', async () => {
  const { clock, create, device: createDevice, net, settled, state } = createWorld({ delay: 20 })
  const device = createDevice()
  const visitor = create('visitor', { accept: 'anyone' })
  visitor.handle('name', () => 'Ada')
  void visitor.open()
  const connection = visitor.connect('nas')
  await clock.runUntil(() => state(connection) === 'open' && device.$connections.get().length > 0)
  const inbound = device.$connections.get()[0] as Connection
  await settled(inbound.send('welcome'))
  expect(await settled(inbound.request('name', undefined))).toBe('Ada')
  net.kill('visitor')
  const states = new Set<unknown>()
  const unlisten = inbound.$status.listen(({ retryAt }) => states.add(retryAt))
  await clock.runUntil(() => state(inbound) === 'closed')
  expect([...states]).toEqual([null])
  unlisten()
  await clock.advance(2000)
  expect(device.$connections.get()).toEqual([])
})

test('with open() a connection that was asked for stays without listeners until it is closed', async () => {
  const { clock, device, settled, state } = createWorld()
  device('nas')
  const laptop = device('laptop')
  const connection = laptop.connect('nas')
  await clock.advance(60_000)
  expect(state(connection)).toBe('open')
  await settled(connection.close())
  await clock.advance(60_000)
  expect(state(connection)).toBe('closed')
})

test('destroy is final, the same promise each time, and fine in any state', async () => {
  const { clock, create, settled, state } = createWorld()
  for (const wait of [0, 1, 5, 5000]) {
    const peer = create(`laptop-${wait}`)
    const opening = peer.open()
    opening.catch(() => {})
    const connection = peer.connect('nobody')
    const request = connection.request('anything', null)
    request.catch(() => {})
    await clock.advance(wait)
    const destroyed = peer.destroy()
    expect(peer.destroy()).toBe(destroyed)
    await settled(destroyed)
    expect(state(peer)).toBe('destroyed')
    await expect(settled(request)).rejects.toMatchObject({
      code: expect.stringMatching(/DESTROYED|PEER_UNAVAILABLE/),
    })
    await expect(settled(connection.request('anything', null))).rejects.toMatchObject({ code: 'DESTROYED' })
    await expect(settled(peer.open())).rejects.toMatchObject({ code: 'DESTROYED' })
  }
  await clock.advance(60_000)
  expect(clock.pending).toBe(0)
})

test('destroy sends what was queued before it says goodbye', async () => {
  const { clock, create, device, settled, state } = createWorld({ rate: 100_000, delay: 20 })
  const received: unknown[] = []
  const nas = device()
  const laptop = create('laptop')
  const connection = laptop.connect('nas')
  connection.$status.listen(() => {})
  await clock.runUntil(() => state(connection) === 'open')
  ;(nas.$connections.get()[0] as Connection).onMessage((value) => received.push(value))
  for (let number = 0; number < 30; number++) void connection.send([number, 'x'.repeat(3000)])
  await settled(laptop.destroy())
  await clock.advance(2000)
  expect(received).toHaveLength(30)
})

test('one page has one peer under an id, and the first options win', () => {
  const { transport } = createTestNetwork()
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const peer = getPeer('laptop', { transport, accept: 'anyone' })
  expect(getPeer('laptop', { transport })).toBe(peer)
  expect(warn).not.toHaveBeenCalled()
  expect(getPeer('laptop', { transport, server: { host: 'other' } })).toBe(peer)
  expect(warn).not.toHaveBeenCalled()
  warn.mockRestore()
})

test('a second peer under a live id is refused, and a destroyed one makes room', async () => {
  const { create, settled } = createWorld()
  const peer = create('laptop')
  expect(() => create('laptop')).toThrow(expect.objectContaining({ code: 'ID_TAKEN' }))
  await settled(peer.destroy())
  expect(create('laptop')).not.toBe(peer)
})

test('a connection that reconnect() has opened is listed, stays where open() holds the peer, and ends with it', async () => {
  const { clock, create, device, settled, state } = createWorld()
  const nas = device()
  const laptop = create('laptop')
  await settled(laptop.open())
  const connection = laptop.connect('nas')
  await clock.runUntil(() => state(connection) === 'open')
  await settled(connection.close())
  await clock.advance(2500)
  expect(laptop.$connections.get()).toEqual([])
  for (const pause of [0, 2500]) {
    connection.reconnect()
    await clock.runUntil(() => state(connection) === 'open')
    await clock.advance(5000)
    expect(state(connection)).toBe('open')
    expect(laptop.$connections.get()).toEqual([connection])
    await settled(connection.close())
    await clock.advance(pause)
  }
  connection.reconnect()
  await clock.runUntil(() => state(connection) === 'open')
  await settled(laptop.destroy())
  await clock.advance(100)
  expect([state(connection), nas.$connections.get()]).toEqual(['closed', []])
})

test('one that reconnect() has opened on a peer that nobody holds is let go a second later', async () => {
  const { clock, create, device, state } = createWorld()
  device()
  const laptop = create('laptop')
  const connection = peerControllerOf(laptop).lookup('nas').handle
  connection.reconnect()
  await clock.runUntil(() => state(connection) === 'open')
  await clock.advance(2500)
  expect([state(connection), state(laptop), laptop.$connections.get()]).toEqual(['closed', 'idle', []])
})

test('reconnect() of what the remote has dialled, and is there, leaves it the remote’s', async () => {
  const { clock, create, device, settled, state } = createWorld()
  const nas = device()
  await settled(nas.open())
  const laptop = create('laptop')
  await settled(laptop.open())
  laptop.connect('nas')
  await clock.runUntil(() => nas.$connections.get()[0]?.$status.value?.state === 'open')
  nas.$connections.get()[0]?.reconnect()
  await settled(laptop.destroy())
  await clock.advance(5000)
  expect(nas.$connections.get()).toEqual([])
  expect(state(nas)).toBe('open')
})

test('whom somebody is still asked about is not let in once nobody holds the peer', async () => {
  const { clock, create } = createWorld({ delay: 20 })
  const decide: ((yes: boolean) => void)[] = []
  const errors: unknown[] = []
  const accept = () => new Promise<boolean>((resolve) => decide.push(resolve))
  const nas = create('nas', { accept, onError: (error) => errors.push(error) })
  const leave = nas.$status.listen(() => {})
  create('laptop')
    .connect('nas')
    .$status.listen(() => {})
  await clock.runUntil(() => decide.length > 0)
  leave()
  await clock.runUntil(() => nas.$status.value?.state === 'idle')
  decide[0]?.(true)
  await clock.advance(500)
  expect([nas.$connections.value, errors]).toEqual([[], []])
})

test('whoever closes waits no longer than the remote is there', async () => {
  const { clock, create, device, settled, state } = createWorld({ rate: 100_000, delay: 20 })
  const nas = device()
  const connection = create('laptop').connect('nas')
  connection.$status.listen(() => {})
  await clock.runUntil(() => state(connection) === 'open')
  connection.send(new Uint8Array(1_000_000)).catch(() => {})
  await clock.advance(100)
  const begun = clock.now()
  const closing = connection.close()
  void nas.destroy()
  await settled(closing)
  expect(clock.now() - begun).toBeLessThan(1000)
})
