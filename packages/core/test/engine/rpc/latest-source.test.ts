import { expect, test } from 'vitest'
import { answerLatest, type LatestItems } from '../../../src/base/latest-items'
import { encodeValue } from '../../../src/codec/write'
import { action, type Peer } from '../../../src/index'
import { createPair, turns } from '../../support/pair'

const ticks = action.events<void, unknown>('ticks')

/** Items that count how often they are made. */
const createLatest = () => {
  let changed = () => {}
  let value: unknown = 0
  const seen = { made: 0, stopped: 0 }
  const items: LatestItems & { isDue: boolean } = {
    isDue: true,
    take() {
      if (!this.isDue) return null
      this.isDue = false
      seen.made++
      return encodeValue(value, 'INVALID_OUTPUT')
    },
    start(next) {
      changed = next
    },
    stop() {
      seen.stopped++
    },
  }
  return {
    seen,
    serve: (device: Peer) => void device.handle(ticks, () => answerLatest(items)),
    set(next: unknown) {
      value = next
      items.isDue = true
      changed()
    },
  }
}

test('an item is made when it is written: what changes meanwhile is in it, and what was before is not sent', async () => {
  const latest = createLatest()
  const { connection, net } = await createPair(latest.serve)
  const events = (await connection.request(ticks))[Symbol.asyncIterator]()
  expect((await events.next()).value).toBe(0)
  for (let value = 1; value <= 100; value++) latest.set(value)
  expect((await events.next()).value).toBe(100)
  expect(latest.seen.made).toBe(2)
  net.cut('nas', 'laptop')
  await turns()
  for (let value = 101; value <= 200; value++) latest.set(value)
  await turns()
  expect(latest.seen.made).toBe(2)
  net.heal('nas', 'laptop')
  expect((await events.next()).value).toBe(200)
  expect(latest.seen.made).toBe(3)
})

test('a reader who does not read holds up nobody, and is owed one item', async () => {
  const latest = createLatest()
  const { connection } = await createPair(latest.serve)
  const idle = (await connection.request(ticks))[Symbol.asyncIterator]()
  for (let value = 1; value <= 40; value++) {
    latest.set(`${value}${'x'.repeat(50_000)}`)
    await turns(3)
  }
  const { made } = latest.seen
  // The window of 256 KiB has room for six.
  expect(made).toBeLessThan(10)
  const read: unknown[] = []
  while (String(read.at(-1)).slice(0, 2) !== '40') read.push((await idle.next()).value)
  expect(read.length).toBeLessThanOrEqual(made + 1)
})

test('a large item goes out whole, however much changes while it is on its way', async () => {
  const latest = createLatest()
  const { connection } = await createPair(latest.serve)
  const events = (await connection.request(ticks))[Symbol.asyncIterator]()
  await events.next()
  latest.set('a'.repeat(3_000_000))
  const next = events.next()
  await turns(2)
  latest.set('b'.repeat(10))
  expect((await next).value).toBe('a'.repeat(3_000_000))
  expect((await events.next()).value).toBe('b'.repeat(10))
})

test('one who leaves stops it, once', async () => {
  const latest = createLatest()
  const { connection } = await createPair(latest.serve)
  const events = (await connection.request(ticks))[Symbol.asyncIterator]()
  await events.next()
  await events.return?.()
  await expect.poll(() => latest.seen.stopped).toBe(1)
  latest.set(1)
  await turns()
  expect(latest.seen.made).toBe(1)
})
