import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ReloadError } from '../../src/base/load'
import type { Peer } from '../../src/base/types'
import { createLateWorld } from '../support/late-engine'
import { type StubPage, stubPage } from '../support/stub-page'

let page: StubPage

beforeEach(() => {
  page = stubPage()
})

afterEach(() => vi.unstubAllGlobals())

const offline = { state: 'disconnected', error: { code: 'NETWORK' }, retryAt: expect.any(Number) }

/** A laptop whose engine has not loaded once, with a request that waits for it. */
const createOffline = async () => {
  const world = createLateWorld()
  world.device().handle('echo', (input) => input)
  const laptop = world.laptop({ reconnect: { minDelay: 20_000, maxDelay: 20_000 } })
  laptop.$status.listen(() => {})
  const connection = laptop.connect('nas')
  connection.$status.listen(() => {})
  const answer = connection.request('echo', 'at last', { timeout: 0 })
  answer.catch(() => {}) // Destroyed before it was answered, in a test of something else.
  await world.clock.advance(10)
  world.fail()
  await world.clock.advance(10)
  expect(laptop.$status.get()).toMatchObject(offline)
  return { ...world, laptop, connection, answer }
}

describe('a peer whose engine does not load', () => {
  test('says NETWORK and when it tries again, and does', async () => {
    const { clock, laptop, state, loading } = await createOffline()
    const { retryAt } = laptop.$status.get()
    expect((retryAt as number) - Date.now()).toBeGreaterThan(9000)
    expect((retryAt as number) - Date.now()).toBeLessThanOrEqual(20_000)
    expect(loading()).toBe(0)
    await clock.advance(20_000)
    expect(loading()).toBe(1)
    expect(laptop.$status.get()).toMatchObject({ state: 'connecting', error: { code: 'NETWORK' } })
    expect(state(laptop)).toBe('connecting')
  })

  test('goes on with everything that waited once it has loaded', async () => {
    const { clock, laptop, connection, state, answer, settled, fail, arrive } = await createOffline()
    await clock.advance(20_000)
    fail()
    await clock.advance(20_000)
    arrive()
    expect(await settled(answer)).toBe('at last')
    expect([state(laptop), state(connection)]).toEqual(['open', 'open'])
  })

  test('waits longer after each failure', async () => {
    const { clock, laptop, fail } = createLateWorld()
    const peer = laptop()
    peer.$status.listen(() => {})
    const waits: number[] = []
    for (let attempt = 0; attempt < 6; attempt++) {
      await clock.advance(10)
      fail()
      await clock.advance(0)
      const wait = (peer.$status.get().retryAt as number) - Date.now()
      waits.push(wait)
      await clock.advance(wait)
    }
    expect(waits[5]).toBeGreaterThan(4 * (waits[0] as number))
  })

  test.each([
    ['the page is visible again', () => page.document.dispatchEvent(new Event('visibilitychange'))],
    ['the page is back online', () => page.window.dispatchEvent(new Event('online'))],
    ['the page is resumed', () => page.document.dispatchEvent(new Event('resume'))],
  ])('tries at once when %s', async (_, wake) => {
    const { state, laptop, settled, loading, answer, arrive } = await createOffline()
    wake()
    expect([loading(), state(laptop)]).toEqual([1, 'connecting'])
    arrive()
    expect(await settled(answer)).toBe('at last')
  })

  test('tries at once when somebody asks a connection to reconnect', async () => {
    const { connection, settled, loading, answer, arrive } = await createOffline()
    connection.reconnect()
    expect(loading()).toBe(1)
    arrive()
    expect(await settled(answer)).toBe('at last')
  })

  test('tries once, however often it is woken', async () => {
    const { clock, connection, loading } = await createOffline()
    for (let count = 0; count < 5; count++) {
      page.window.dispatchEvent(new Event('online'))
      connection.reconnect()
    }
    await clock.advance(60_000)
    expect(loading()).toBe(1)
  })

  test('says that nothing is tried by itself where only a reload helps, and lets open() know', async () => {
    const { clock, laptop, loading, fail } = createLateWorld()
    const peer = laptop()
    const opened = expect(peer.open()).rejects.toMatchObject({ code: 'NETWORK', message: 'Reload.' })
    await clock.advance(10)
    fail(new ReloadError('NETWORK', 'Reload.'))
    await opened
    expect(peer.$status.get()).toMatchObject({ state: 'disconnected', retryAt: null })
    await clock.advance(100_000)
    expect(loading()).toBe(0)
    page.window.dispatchEvent(new Event('online'))
    expect(loading()).toBe(1)
  })

  test('asks for nothing while nobody holds it', async () => {
    const { clock, laptop, state, loading, fail } = createLateWorld()
    const peer = laptop({ reconnect: { minDelay: 20_000 } })
    const unlisten = peer.$status.listen(() => {})
    await clock.advance(10)
    fail()
    await clock.advance(10)
    unlisten()
    await clock.advance(60_000)
    page.window.dispatchEvent(new Event('online'))
    expect([loading(), state(peer)]).toEqual([0, 'idle'])
    peer.$status.listen(() => {})
    await clock.advance(10)
    expect([loading(), state(peer)]).toEqual([1, 'connecting'])
  })
})

describe('a peer whose engine is on its way', () => {
  const open = async ({ clock, state }: ReturnType<typeof createLateWorld>, peer: Peer) => {
    await clock.runUntil(() => state(peer) === 'open')
  }

  test('takes it when it was let go of and is held again meanwhile, and asks once', async () => {
    const world = createLateWorld()
    const { clock, laptop, loading, arrive } = world
    const peer = laptop()
    const unlisten = peer.$status.listen(() => {})
    await clock.advance(10)
    unlisten()
    await clock.advance(2000)
    peer.$status.listen(() => {})
    await clock.advance(10)
    expect(loading()).toBe(1)
    arrive()
    await open(world, peer)
  })

  test('registers nothing where nobody holds it when the engine comes, and opens when it is held', async () => {
    const world = createLateWorld()
    const { clock, laptop, state, arrive } = world
    const peer = laptop()
    const unlisten = peer.$status.listen(() => {})
    await clock.advance(10)
    unlisten()
    await clock.advance(2000)
    arrive()
    await clock.advance(5000)
    expect(state(peer)).toBe('idle')
    peer.$status.listen(() => {})
    await open(world, peer)
  })

  test('fails after a hold that was let go of as it fails for who holds it now', async () => {
    const { clock, laptop, fail } = createLateWorld()
    const peer = laptop()
    const unlisten = peer.$status.listen(() => {})
    await clock.advance(10)
    unlisten()
    await clock.advance(2000)
    peer.$status.listen(() => {})
    await clock.advance(10)
    fail()
    await clock.advance(10)
    expect(peer.$status.get()).toMatchObject(offline)
  })

  test('is destroyed with nothing left: no timer, no registration, nothing that waits', async () => {
    const { clock, laptop, settled, arrive } = createLateWorld()
    const peer = laptop({ onEvent: () => {} })
    const opened = expect(peer.open()).rejects.toMatchObject({ code: 'DESTROYED' })
    const connection = peer.connect('nas')
    connection.$stats.listen(() => {})
    const failures = Promise.allSettled([connection.request('echo', 1), connection.send('hello')])
    await clock.advance(100)
    await settled(peer.destroy())
    await opened
    expect(await failures).toMatchObject([
      { status: 'rejected', reason: { code: 'DESTROYED' } },
      { status: 'rejected', reason: { code: 'DESTROYED' } },
    ])
    expect([peer.$status.get().state, connection.$status.get().state]).toEqual(['destroyed', 'closed'])
    expect(clock.pending).toBe(0)
    arrive()
    await clock.settle()
    expect(clock.pending).toBe(0)
    expect(peer.$status.get().state).toBe('destroyed')
    await expect(connection.request('echo', 1)).rejects.toMatchObject({ code: 'DESTROYED' })
  })

  test('is destroyed with nothing left while it waits to try again', async () => {
    const { clock, laptop, settled, fail } = createLateWorld()
    const peer = laptop()
    peer.open().catch(() => {})
    await clock.advance(10)
    fail()
    await clock.advance(10)
    expect(clock.pending).toBe(1)
    await settled(peer.destroy())
    expect(clock.pending).toBe(0)
    page.window.dispatchEvent(new Event('online'))
    expect(peer.$status.get().state).toBe('destroyed')
  })

  test('opens beside another one that waits for the same', async () => {
    const world = createLateWorld()
    const { clock, laptop, settled, arrive } = world
    const [first, second] = [laptop({ accept: 'anyone' }, 'first'), laptop({}, 'second')]
    first.handle('echo', (input) => input)
    void first.open()
    const answer = second.connect('first').request('echo', 'hello')
    await clock.advance(1000)
    arrive()
    expect(await settled(answer)).toBe('hello')
  })
})
