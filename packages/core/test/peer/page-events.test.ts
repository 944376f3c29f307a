import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Connection } from '../../src/base/types'
import { type StubPage, stubPage } from '../support/stub-page'
import { createWorld } from '../support/world'

let page: StubPage

beforeEach(() => {
  page = stubPage()
})

afterEach(() => vi.unstubAllGlobals())

const wakes: [name: string, wake: () => void][] = [
  ['is visible again', () => page.document.dispatchEvent(new Event('visibilitychange'))],
  ['is back online', () => page.window.dispatchEvent(new Event('online'))],
  ['is resumed', () => page.document.dispatchEvent(new Event('resume'))],
]

/** A laptop with a listener on its connection, which is open; `inbound` is the device's end of it. */
const createConnected = async () => {
  const world = createWorld({ delay: 20 })
  const { clock, create, device, state } = world
  const nas = device()
  nas.handle('hello', () => 'hi')
  const laptop = create('laptop')
  const connection = laptop.connect('nas')
  const states: string[] = []
  connection.$status.listen(({ state }) => {
    if (states.at(-1) !== state) states.push(state)
  })
  await clock.runUntil(() => state(connection) === 'open')
  await clock.runUntil(() => nas.$connections.get().length === 1)
  const inbound = nas.$connections.get()[0] as Connection
  return { ...world, laptop, connection, inbound, states }
}

describe.each(wakes)('a page that %s', (_, wake) => {
  test('asks its remotes at once whether they are there, and hears of a dead link within two seconds', async () => {
    const { clock, net, connection, state } = await createConnected()
    await clock.advance(900)
    net.cut('laptop', 'nas', { silent: true, recover: false })
    wake()
    const begun = clock.now()
    await clock.runUntil(() => state(connection) !== 'open')
    expect(clock.now() - begun).toBeLessThanOrEqual(2000)
  })

  test('leaves a link alone that answers', async () => {
    const { clock, connection, states } = await createConnected()
    await clock.advance(900)
    wake()
    await clock.advance(5000)
    expect(states).toEqual(['open'])
    expect(connection.$stats.get().links).toBe(1)
  })

  test('dials at once, instead of at the next time that is due', async () => {
    const { clock, create, device, state } = createWorld({ delay: 20 })
    const connection = create('laptop').connect('nas')
    connection.$status.listen(() => {})
    await clock.runUntil(() => (connection.$status.value?.retryAt ?? 0) > Date.now() + 2000, 120_000)
    device()
    await clock.advance(50)
    wake()
    const begun = clock.now()
    await clock.runUntil(() => state(connection) === 'open')
    expect(clock.now() - begun).toBeLessThan(500)
  })

  test('asks the signalling server again at once', async () => {
    const { clock, net, create, state } = createWorld({ delay: 20 })
    net.signalling('down')
    const laptop = create('laptop')
    laptop.$status.listen(() => {})
    await clock.runUntil(() => state(laptop) === 'disconnected')
    const failed = laptop.$status.value
    const begun = clock.now()
    wake()
    await clock.runUntil(() => laptop.$status.value !== failed)
    expect(state(laptop)).toBe('connecting')
    expect(clock.now() - begun).toBeLessThan(50)
  })
})

test('a page that is hidden asks nothing', async () => {
  const { clock, net, create, state } = createWorld()
  net.signalling('down')
  const laptop = create('laptop')
  laptop.$status.listen(() => {})
  await clock.runUntil(() => state(laptop) === 'disconnected')
  const failed = laptop.$status.value
  page.document.visibilityState = 'hidden'
  page.document.dispatchEvent(new Event('visibilitychange'))
  expect(laptop.$status.value).toBe(failed)
})

test('a page that goes away says goodbye, and its remote knows at once', async () => {
  const { clock, inbound, state } = await createConnected()
  page.window.dispatchEvent(new Event('pagehide'))
  const begun = clock.now()
  await clock.runUntil(() => state(inbound) === 'closed')
  expect(clock.now() - begun).toBeLessThanOrEqual(100)
})

test('a page that comes back from the back/forward cache has its connections again', async () => {
  const { clock, connection, settled, state } = await createConnected()
  page.window.dispatchEvent(new Event('pagehide'))
  await clock.runUntil(() => state(connection) === 'closed')
  await clock.advance(100)
  page.window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
  await clock.runUntil(() => state(connection) === 'open')
  expect(await settled(connection.request('hello', null))).toBe('hi')
})

test('a peer that is destroyed listens to the page no longer', async () => {
  const { clock, laptop, settled } = await createConnected()
  await settled(laptop.destroy())
  for (const [, wake] of wakes) wake()
  page.window.dispatchEvent(new Event('pagehide'))
  page.window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
  await clock.advance(1000)
  expect(laptop.$status.value?.state).toBe('destroyed')
})
