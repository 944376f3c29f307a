import { expect, test, vi } from 'vitest'
import { action, type Peer } from '../../src/index'
import { createSubscription } from '../../src/request/subscription'
import { createPair, turns } from '../support/pair'

const ticks = action.events<{ from: number }, number>('ticks')

/** Sends `from`, and then what it is told to. */
const createTicker = () => {
  const asked: number[] = []
  const ended: number[] = []
  let next: Promise<number | null> = Promise.resolve(null)
  let send: (event: number | null) => void = () => {}
  const arm = () => {
    next = new Promise((resolve) => {
      send = resolve
    })
  }
  arm()
  return {
    asked,
    ended,
    emit(event: number | null) {
      const emitNow = send
      arm()
      emitNow(event)
    },
    serve: (device: Peer) =>
      void device.handle(ticks, async function* ({ from }, { signal }) {
        asked.push(from)
        const left = new Promise<null>((resolve) => {
          signal.addEventListener('abort', () => resolve(null))
        })
        try {
          yield from
          for (;;) {
            const event = await Promise.race([next, left])
            if (event === null) return
            yield event
          }
        } finally {
          ended.push(from)
        }
      }),
  }
}

const sum = (total: number | undefined, event: number) => (total ?? 0) + event

test('a subscription that is only created or read subscribes to nothing', async () => {
  const ticker = createTicker()
  const { connection } = await createPair(ticker.serve)
  const { $state } = createSubscription(connection, ticks, { from: 1 })
  expect($state.get()).toEqual({ status: 'pending', data: undefined, error: null })
  await turns()
  expect(ticker.asked).toEqual([])
})

test('events are reduced in order, and the device hears when nobody listens any more', async () => {
  const ticker = createTicker()
  const { connection } = await createPair(ticker.serve)
  const { $state } = createSubscription(connection, ticks, { from: 1 }, { reduce: sum })
  const seen: unknown[] = []
  const leave = $state.listen(({ status, data }) => seen.push(`${status} ${data}`))
  await expect.poll(() => $state.value.data).toBe(1)
  ticker.emit(10)
  await expect.poll(() => $state.value.data).toBe(11)
  expect(seen).toEqual(['active undefined', 'active 1', 'active 11'])
  leave()
  await expect.poll(() => ticker.ended).toEqual([1])
})

test('a listener that comes back at once does not subscribe again', async () => {
  const ticker = createTicker()
  const { connection } = await createPair(ticker.serve)
  const { $state } = createSubscription(connection, ticks, { from: 1 })
  const leave = $state.listen(() => {})
  await expect.poll(() => $state.value.data).toBe(1)
  leave()
  $state.listen(() => {})
  await turns()
  expect([ticker.asked, ticker.ended]).toEqual([[1], []])
})

test('a series that ends keeps its data, and a new session begins it again', async () => {
  const ticker = createTicker()
  const pair = await createPair(ticker.serve)
  const { $state } = createSubscription(pair.connection, ticks, { from: 1 }, { reduce: sum })
  $state.listen(() => {})
  await expect.poll(() => $state.value.data).toBe(1)
  ticker.emit(null)
  await expect.poll(() => $state.value).toEqual({ status: 'ended', data: 1, error: null })
  await pair.restart(ticker.serve)
  await expect.poll(() => $state.value).toEqual({ status: 'active', data: 2, error: null })
})

test('a device that does not know the action is an error', async () => {
  const { connection } = await createPair(() => {})
  const { $state } = createSubscription(connection, ticks, { from: 1 })
  $state.listen(() => {})
  await expect.poll(() => $state.value.error?.code).toBe('UNKNOWN_ACTION')
  expect($state.value).toMatchObject({ status: 'error', data: undefined })
})

test('the plain name of an action can be subscribed to as well', async () => {
  const ticker = createTicker()
  const { connection } = await createPair(ticker.serve)
  const { $state } = createSubscription(connection, 'ticks', { from: 3 })
  $state.listen(() => {})
  await expect.poll(() => $state.value.data).toBe(3)
})

test('what a reducer throws ends the series', async () => {
  const ticker = createTicker()
  const { connection } = await createPair(ticker.serve)
  const broken = new RangeError('broken')
  const { $state } = createSubscription(
    connection,
    ticks,
    { from: 1 },
    {
      reduce: () => {
        throw broken
      },
    },
  )
  $state.listen(() => {})
  await expect.poll(() => $state.value.error).toBe(broken)
  await expect.poll(() => ticker.ended).toEqual([1])
})

test('those who follow the same share one series, and who comes later sees the latest event', async () => {
  const ticker = createTicker()
  const { connection } = await createPair(ticker.serve)
  const follow = (reduce?: typeof sum) => createSubscription(connection, ticks, { from: 1 }, { reduce })
  const one = follow()
  one.$state.listen(() => {})
  await expect.poll(() => one.$state.value.data).toBe(1)
  const later = follow()
  expect(later.$state.value.data).toBe(1)
  later.$state.listen(() => {})
  const [sums, others] = [follow(sum), follow(sum)]
  sums.$state.listen(() => {})
  others.$state.listen(() => {})
  await expect.poll(() => others.$state.value.data).toBe(1)
  ticker.emit(2)
  await expect.poll(() => [later.$state.value.data, sums.$state.value.data]).toEqual([2, 3])
  expect(ticker.asked).toEqual([1, 1])
})

test('an inline function has a series of its own, from its beginning', async () => {
  const ticker = createTicker()
  const { connection } = await createPair(ticker.serve)
  const follow = () =>
    createSubscription(connection, ticks, { from: 1 }, { reduce: (total = 0, tick) => total + tick })
  const [one, other] = [follow(), follow()]
  one.$state.listen(() => {})
  await expect.poll(() => one.$state.value.data).toBe(1)
  ticker.emit(10)
  await expect.poll(() => one.$state.value.data).toBe(11)
  other.$state.listen(() => {})
  await expect.poll(() => other.$state.value.data).toBe(1)
  expect(ticker.asked).toEqual([1, 1])
})

test('of a flood the first event is shown at once, then the latest in each frame, and a status at once', async () => {
  const { connection } = await createPair(
    (device) =>
      void device.handle(ticks, async function* () {
        for (let tick = 1; tick <= 1000; tick++) yield tick
      }),
  )
  const { $state } = createSubscription(connection, ticks, { from: 1 }, { throttle: 60_000, reduce: sum })
  const seen: unknown[] = []
  $state.listen(({ status, data }) => seen.push([status, data]))
  await expect.poll(() => $state.value.status).toBe('ended')
  expect(seen).toEqual([
    ['active', undefined],
    ['active', 1],
    ['ended', 500_500],
  ])
})

test('a function that changes its data instead of returning new data is told of', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const ticker = createTicker()
  const { connection } = await createPair(ticker.serve)
  const collect = (all: number[] = [], tick: number) => {
    all.push(tick)
    return all
  }
  const keep = (all: number[] = [], tick: number) => (tick > 5 ? all : [...all, tick])
  const subscriptions = [collect, keep].map((reduce) =>
    createSubscription(connection, ticks, { from: 1 }, { reduce }),
  )
  for (const { $state } of subscriptions) $state.listen(() => {})
  for (const { $state } of subscriptions) await expect.poll(() => $state.value.data).toEqual([1])
  ticker.emit(7)
  await expect.poll(() => warn.mock.calls.length).toBe(1)
  expect(warn.mock.calls[0]?.[0]).toContain('reduce')
  await turns()
  expect(warn).toHaveBeenCalledTimes(1)
  warn.mockRestore()
})
