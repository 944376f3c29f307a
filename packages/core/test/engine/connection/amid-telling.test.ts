import { expect, test } from 'vitest'
import type { Call, SignallingEvents, Transport } from '../../../src/base/transport'
import type { Connection } from '../../../src/base/types'
import { watchLink } from '../../../src/engine/connection/link-watch'
import { Stats } from '../../../src/engine/connection/stats'
import { peerjsCall } from '../../../src/index'
import { createTestStream } from '../../../testing'
import { VirtualClock } from '../../support/virtual-clock'
import { createWorld } from '../../support/world'
// Loaded before: virtual time does not wait for a module.
import '../../../src/engine/plain'
import '../../../src/engine/plain/calls'

// Whoever is told of something may end it in that very moment: nothing of it may go on behind that.

test('a watch that is stopped by whoever hears of the silence looks no more', async () => {
  const clock = new VirtualClock()
  const watch: ReturnType<typeof watchLink> = watchLink(clock, {
    ping() {},
    heard() {},
    dead() {},
    packetsSeen: async () => null,
    silent() {
      watch.stop()
    },
  })
  await clock.advance(60_000)
  expect(clock.pending).toBe(0)
})

test('who stops looking at figures as they are told is told, and measured for, no more', async () => {
  const clock = new VirtualClock()
  let pings = 0
  const link = { stats: async () => ({ route: 'direct', rtt: null, packetsSeen: null }) as const }
  const read = () => ({
    link,
    links: 1,
    roundTrip: null,
    sent: pings,
    received: 0,
    mediaStats: async () => null,
  })
  const stats = new Stats(clock, read, () => {
    pings++
  })
  const unwatch = stats.watch(({ sent }) => {
    if (sent > 0) unwatch()
  })
  await clock.advance(10_000)
  expect(pings).toBe(1)
  expect(clock.pending).toBe(0)
})

test('a PeerJS connection that is closed by whoever hears that it is open leaves nothing behind', async () => {
  const { clock, create, device, settled, state } = createWorld()
  const nas = device()
  const laptop = create('laptop')
  const connection = laptop.connect('nas', { protocol: 'envelope' })
  connection.$status.listen(({ state }) => {
    if (state === 'open') void connection.close()
  })
  await clock.runUntil(() => state(connection) === 'closed')
  await settled(Promise.all([laptop.destroy(), nas.destroy()]))
  await clock.advance(60_000)
  expect(clock.pending).toBe(0)
})

test('what is asked as a restarted remote takes over is not forgotten', async () => {
  const { clock, net, create, device, settled } = createWorld({ delay: 20 })
  const nas = device('nas')
  const begin = () => {
    const laptop = create('laptop', { accept: 'anyone' })
    laptop.handle('hello', () => 'hi')
    void laptop.open()
    laptop.connect('nas')
    return laptop
  }
  const before = begin()
  await clock.runUntil(() => nas.$connections.value?.[0]?.$status.value?.state === 'open')
  const inbound = nas.$connections.value?.[0] as Connection
  const asked: Promise<unknown>[] = []
  inbound.$status.listen(({ state }) => {
    if (state === 'closed' && asked.length === 0)
      asked.push(inbound.request('hello', null).catch(({ code }) => code))
  })
  net.kill('laptop')
  void before.destroy()
  begin()
  await clock.runUntil(() => asked.length > 0)
  expect(await settled(asked[0] as Promise<unknown>)).not.toBe('TIMEOUT')
})

/** A device that a PeerJS client has called, and what hangs up. */
const called = async () => {
  const { clock, net, device, settled } = createWorld()
  let ring: SignallingEvents['call']
  const join: Transport['join'] = (id, options, events) => {
    ring = events.call
    return net.transport.join(id, options, events)
  }
  const nas = device('nas', { transport: { ...net.transport, join } })
  nas.handle(peerjsCall, () => createTestStream())
  await clock.runUntil(() => nas.$status.value?.state === 'open')
  let hangUp = () => {}
  const call: Call = {
    remoteId: 'phone',
    callId: 'mc_1',
    metadata: undefined,
    senders: [],
    begin(_stream, events) {
      hangUp = () => events.ended(null)
    },
    close() {},
  }
  ring?.(call, 'stranger')
  const inbound = () => nas.$connections.value?.[0]
  await clock.runUntil(() => inbound()?.$status.value?.state === 'open')
  return { clock, nas, settled, inbound: inbound() as Connection, hangUp: () => hangUp() }
}

test('a connection that is closed amid a call is let go of', async () => {
  const { clock, nas, settled, inbound } = await called()
  await settled(inbound.close())
  await clock.advance(5000)
  expect(nas.$connections.value).toEqual([])
})

test('a client that only called, and is named and held meanwhile, is dialled when it hangs up', async () => {
  const { clock, nas, hangUp } = await called()
  const connection = nas.connect('phone', { protocol: 'plain' })
  hangUp()
  await clock.advance(1000)
  const status = connection.$status.value
  expect(status?.state === 'closed' && status.retryAt === null).toBe(false)
})

test('a call that somebody is still asked about is not begun once nobody holds the peer', async () => {
  const { clock, net, create } = createWorld()
  let ring: SignallingEvents['call']
  const join: Transport['join'] = (id, options, events) => {
    ring = events.call
    return net.transport.join(id, options, events)
  }
  const decide: ((yes: boolean) => void)[] = []
  const accept = () => new Promise<boolean>((resolve) => decide.push(resolve))
  const nas = create('nas', { transport: { ...net.transport, join }, accept })
  let ran = 0
  nas.handle(peerjsCall, () => {
    ran++
    return createTestStream()
  })
  const leave = nas.$status.listen(() => {})
  await clock.runUntil(() => nas.$status.value?.state === 'open')
  let begun = 0
  const call: Call = {
    remoteId: 'phone',
    callId: 'mc_1',
    metadata: undefined,
    senders: [],
    begin: () => begun++,
    close() {},
  }
  ring?.(call, 'stranger')
  await clock.runUntil(() => decide.length > 0)
  leave()
  await clock.runUntil(() => nas.$status.value?.state === 'idle')
  decide[0]?.(true)
  await clock.advance(500)
  expect([ran, begun]).toEqual([0, 0])
})
