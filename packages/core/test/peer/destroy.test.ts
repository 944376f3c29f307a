import { expect, test } from 'vitest'
import type { Clock } from '../../src/base/clock'
import type { Connection, Peer, PeerOptions } from '../../src/base/types'
import { peerControllerOf } from '../../src/peer/controller'
import { resourceUsage } from '../support/resource-usage'
import { createWorld } from '../support/world'

type World = ReturnType<typeof createCountedWorld>

/** A world whose peers keep their timers apart from those of the network, in which goodbyes are still on their way. */
const createCountedWorld = () => {
  const world = createWorld({ delay: 20 })
  const timers = new Map<string, Set<unknown>>()
  const withTimers = (id: string): PeerOptions => {
    const { clock, net } = world
    const own = new Set<unknown>()
    timers.set(id, own)
    const counted: Clock = {
      now: () => clock.now(),
      after(ms, run) {
        const timer = {}
        own.add(timer)
        const stop = clock.after(ms, () => {
          own.delete(timer)
          run()
        })
        return () => {
          own.delete(timer)
          stop()
        }
      },
    }
    return { transport: { ...net.transport, clock: counted } }
  }
  return {
    ...world,
    create: (id: string) => world.create(id, withTimers(id)),
    device: () => world.device('nas', withTimers('nas')),
    timersOf: (id: string) => timers.get(id)?.size,
  }
}

/** What a laptop may be in the middle of when it is destroyed. */
const states: [name: string, begin: (world: World, laptop: Peer) => unknown][] = [
  ['that nothing held', () => {}],
  ['that was looked at in this turn', (_, laptop) => laptop.$status.get()],
  [
    'whose listener has just left',
    async ({ clock, state }, laptop) => {
      const unlisten = laptop.$status.listen(() => {})
      await clock.runUntil(() => state(laptop) === 'open')
      unlisten()
    },
  ],
  [
    'whose connection was looked up, and looked at in this turn',
    (_, laptop) => peerControllerOf(laptop).lookup('nas').handle.$status.get(),
  ],
  [
    'whose request has just been answered',
    ({ settled }, laptop) => settled(laptop.connect('nas').request('hello', null)),
  ],
  [
    'whose connection is open, with listeners on all its stores',
    async ({ clock, state }, laptop) => {
      const connection = laptop.connect('nas')
      laptop.$connections.listen(() => {})
      connection.$status.listen(() => {})
      connection.$stats.listen(() => {})
      connection.$requests.listen(() => {})
      connection.onMessage(() => {})
      await clock.runUntil(() => state(connection) === 'open')
      await clock.advance(5000)
    },
  ],
  [
    'that waits for an answer',
    async ({ clock, state }, laptop) => {
      const connection = laptop.connect('nas')
      connection.request('never', null, { retry: true }).catch(() => {})
      await clock.runUntil(() => state(connection) === 'open')
    },
  ],
  [
    'in the middle of a dial',
    async ({ clock }, laptop) => {
      laptop.connect('nas').$status.listen(() => {})
      await clock.advance(30)
    },
  ],
  [
    'that waits for its next dial',
    async ({ clock }, laptop) => {
      const { $status } = laptop.connect('nobody')
      $status.listen(() => {})
      await clock.runUntil(() => $status.value?.retryAt !== null)
    },
  ],
  [
    'whose link has been cut',
    async ({ clock, net, state }, laptop) => {
      const connection = laptop.connect('nas')
      connection.$status.listen(() => {})
      await clock.runUntil(() => state(connection) === 'open')
      net.cut('laptop', 'nas')
      await clock.runUntil(() => state(connection) === 'reconnecting')
    },
  ],
  [
    'whose server is away',
    async ({ clock, net, state }, laptop) => {
      laptop.open().catch(() => {})
      await clock.runUntil(() => state(laptop) === 'open')
      net.signalling('down')
    },
  ],
]

test.each(states)('a peer %s leaves no timer behind when it is destroyed', async (_, begin) => {
  const world = createCountedWorld()
  const { create, device, settled, timersOf } = world
  const nas = device()
  nas.handle('hello', () => 'hi')
  nas.handle('never', () => new Promise(() => {}))
  const laptop = create('laptop')
  await begin(world, laptop)
  await settled(laptop.destroy())
  expect(timersOf('laptop')).toBe(0)
  await settled(nas.destroy())
  expect(timersOf('nas')).toBe(0)
})

test('a device leaves no timer behind when it is destroyed while it serves, and is being dialled', async () => {
  const { clock, create, device, settled, timersOf } = createCountedWorld()
  const nas = device()
  let runs = 0
  nas.handle('never', () => new Promise(() => runs++))
  const request = create('laptop').connect('nas').request('never', null)
  request.catch(() => {})
  await clock.runUntil(() => runs === 1)
  const inbound = nas.$connections.get()[0] as Connection
  inbound.$status.listen(() => {})
  inbound.$stats.listen(() => {})
  create('phone')
    .connect('nas')
    .$status.listen(() => {})
  await clock.runUntil(() => resourceUsage(nas).handshakes === 1)
  await settled(nas.destroy())
  expect(timersOf('nas')).toBe(0)
})

test('what is begun with a destroyed peer is DESTROYED, and leaves no timer', async () => {
  const { clock, create, device, settled, state, timersOf } = createCountedWorld()
  device().handle('hello', () => 'hi')
  const laptop = create('laptop')
  const before = laptop.connect('nas')
  await settled(before.request('hello', null))
  await settled(laptop.destroy())
  for (const connection of [before, laptop.connect('nas'), laptop.connect('other')]) {
    for (const $store of [connection.$status, connection.$stats, connection.$requests]) {
      $store.listen(() => {})()
      $store.listen(() => {})
    }
    await expect(connection.request('hello', null)).rejects.toMatchObject({ code: 'DESTROYED' })
    await expect(connection.send('hello')).rejects.toMatchObject({ code: 'DESTROYED' })
    connection.reconnect()
    await clock.settle()
    expect(state(connection)).toBe('closed')
  }
  laptop.$status.listen(() => {})()
  expect(timersOf('laptop')).toBe(0)
})

test('open() of a peer that is being destroyed is DESTROYED', async () => {
  const { create, settled } = createWorld({ delay: 20 })
  const laptop = create('laptop')
  await settled(laptop.open())
  const ended = laptop.destroy()
  await expect(settled(laptop.open())).rejects.toMatchObject({ code: 'DESTROYED' })
  await settled(ended)
})
