import { expect, test } from 'vitest'
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
  await expect.poll(() => $state.value, { timeout: 5000 }).toEqual({ status: 'active', data: 2, error: null })
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
