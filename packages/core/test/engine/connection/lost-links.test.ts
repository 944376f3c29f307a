import { expect, test } from 'vitest'
import { action } from '../../../src/base/action'
import type { Link, Standing, Transport } from '../../../src/base/transport'
import type { Connection } from '../../../src/base/types'
import type { TestLink } from '../../../testing/link'
import { createWorld } from '../../support/world'

const wait = action<{ milliseconds: number }, string>('wait')

/** A transport whose links can be reached from outside. */
const tapped = (transport: Transport) => {
  const links: TestLink[] = []
  const tap = <Tapped extends Link>(link: Tapped) => {
    links.push(link as unknown as TestLink)
    return link
  }
  const join: Transport['join'] = (id, options, events) => {
    const link = (given: Link, standing: Standing) => events.link(tap(given), standing)
    const signalling = transport.join(id, options, { ...events, link })
    return {
      dial: async (...given) => tap(await signalling.dial(...given)),
      dialPlain: (...given) => signalling.dialPlain(...given),
      retry: () => signalling.retry(),
      leave: () => signalling.leave(),
    }
  }
  return { transport: { ...transport, join }, last: () => links.at(-1) as TestLink }
}

/** A laptop that is connected to a device, with both ends of its link at hand. */
const createConnected = async () => {
  const world = createWorld({ delay: 20 })
  const { clock, net, create, device: createDevice, state } = world
  const near = tapped(net.transport)
  const far = tapped(net.transport)
  const device = createDevice('nas', { transport: far.transport })
  device.handle(wait, async ({ milliseconds }) => {
    await new Promise<void>((resolve) => clock.after(milliseconds, resolve))
    return 'waited'
  })
  const laptop = create('laptop', { transport: near.transport })
  void laptop.open()
  const connection = laptop.connect('nas')
  await clock.runUntil(() => state(connection) === 'open')
  await clock.runUntil(() => device.$connections.get().length > 0)
  const inbound = device.$connections.get()[0] as Connection
  await clock.runUntil(() => state(inbound) === 'open')
  return { ...world, near, far, connection, inbound }
}

test('a session whose link was closed without a goodbye ends within a second when nobody dials', async () => {
  const { clock, net, near, inbound, state } = await createConnected()
  net.refuse('nas')
  const begun = clock.now()
  void near.last().close(0)
  await clock.runUntil(() => state(inbound) === 'closed')
  expect(clock.now() - begun).toBeLessThan(1000)
})

test('a session whose link was closed without a goodbye goes on when the remote dials, however long that takes', async () => {
  const { clock, net, near, connection, settled } = await createConnected()
  const answer = connection.request(wait, { milliseconds: 5000 })
  await clock.advance(100)
  void near.last().close(0)
  const heal = net.cut('laptop', 'nas', { silent: true, recover: false })
  await clock.advance(2900)
  heal()
  expect(await settled(answer)).toBe('waited')
})

test('a session that the remote closed without a goodbye goes on when it answers a dial, however long that takes', async () => {
  const { clock, net, far, connection, settled } = await createConnected()
  const answer = connection.request(wait, { milliseconds: 5000 })
  await clock.advance(100)
  void far.last().close(0)
  await clock.advance(30)
  const heal = net.cut('laptop', 'nas', { silent: true, recover: false })
  await clock.advance(2900)
  heal()
  expect(await settled(answer)).toBe('waited')
})

test('a silent link that an implementation closes after a while leaves its session the rest of its time', async () => {
  const { clock, net, far, connection, inbound, settled, state } = await createConnected()
  const answer = connection.request(wait, { milliseconds: 60_000 }, { timeout: 0 })
  await clock.advance(100)
  const heal = net.cut('laptop', 'nas', { silent: true, recover: false })
  await clock.advance(15_000)
  // As libdatachannel does when too many of its packets were not acknowledged; it looks like the remote's doing.
  far.last().die(true)
  await clock.advance(10_000)
  expect(state(inbound)).toBe('reconnecting')
  heal()
  expect(await settled(answer)).toBe('waited')
})

test('a session ends when its time is over, counted from the first sign that the link is lost', async () => {
  const { clock, net, far, inbound, state } = await createConnected()
  net.cut('laptop', 'nas', { silent: true, recover: false })
  const begun = clock.now()
  await clock.advance(25_000)
  far.last().die()
  await clock.runUntil(() => state(inbound) === 'closed', 60_000)
  expect(clock.now() - begun).toBeLessThan(40_000)
})

test('links that hardly last are followed by another at once for as long as they are of use', async () => {
  const { clock, net, connection, settled, state } = await createConnected()
  for (let cut = 0; cut < 20; cut++) {
    expect(await settled(connection.request(wait, { milliseconds: 0 }))).toBe('waited')
    net.cut('laptop', 'nas')()
    await clock.runUntil(() => state(connection) === 'reconnecting')
    const begun = clock.now()
    await clock.runUntil(() => state(connection) === 'open', 60_000)
    expect(clock.now() - begun).toBeLessThan(250)
  }
})

/** A laptop that dials a device whose first links close before it has said a word. */
const createDiallingInto = (stillborn: number) => {
  const world = createWorld({ delay: 20 })
  let links = 0
  const join: Transport['join'] = (id, options, events) =>
    world.net.transport.join(id, options, {
      ...events,
      link: (link, standing) => {
        links++
        if (links > stillborn) events.link(link, standing)
        else void link.close(0)
      },
    })
  const device = world.device('nas', { transport: { ...world.net.transport, join } })
  let runs = 0
  device.handle(wait, async () => {
    runs++
    return 'waited'
  })
  const connection = world.create('laptop').connect('nas')
  return { ...world, connection, links: () => links, runs: () => runs }
}

test('a link that closes before the remote has said a word is followed by another at once', async () => {
  const { clock, connection, settled, state, links, runs } = createDiallingInto(2)
  const unlisten = connection.$status.listen(() => {})
  await clock.runUntil(() => links() === 1)
  const begun = clock.now()
  await clock.runUntil(() => state(connection) === 'open')
  // No back-off in between, which is 250 ms at the least.
  expect(clock.now() - begun).toBeLessThan(1000)
  expect(await settled(connection.request(wait, { milliseconds: 0 }))).toBe('waited')
  expect([links(), runs()]).toEqual([3, 1])
  unlisten()
})

test('what was asked over a link that closes without a word is not asked again: it may have been done', async () => {
  const { clock, connection, settled, links, runs } = createDiallingInto(1)
  const lost = expect.objectContaining({ code: 'CONNECTION_LOST' })
  await expect(settled(connection.request(wait, { milliseconds: 0 }))).rejects.toEqual(lost)
  expect(links()).toBe(1)
  await clock.advance(10_000)
  expect(runs()).toBe(0)
})

test('what was asked over such a link while we dialled again is not kept for the dial after it', async () => {
  const { clock, net, connection, settled, state, links, runs } = createDiallingInto(1)
  const reachable = net.refuse('nas')
  const unlisten = connection.$status.listen(() => {})
  await clock.runUntil(() => state(connection) === 'closed')
  reachable()
  await clock.runUntil(() => state(connection) === 'connecting')
  const lost = expect.objectContaining({ code: 'CONNECTION_LOST' })
  await expect(settled(connection.request(wait, { milliseconds: 0 }))).rejects.toEqual(lost)
  expect(links()).toBe(1)
  await clock.runUntil(() => state(connection) === 'open')
  await clock.advance(10_000)
  expect(runs()).toBe(0)
  unlisten()
})

test('a remote that closes every link without a word is not dialled without end', async () => {
  const { clock, connection, state, links } = createDiallingInto(Number.POSITIVE_INFINITY)
  const unlisten = connection.$status.listen(() => {})
  await clock.runUntil(() => state(connection) === 'closed')
  expect(links()).toBe(3)
  await clock.advance(60_000)
  expect(links()).toBeLessThan(40)
  unlisten()
})
