import { expect, test } from 'vitest'
import { FrameType } from '../../../src/engine/wire/frame'
import { action } from '../../../src/index'
import { Mallory } from '../../hostile/mallory'
import { createPair } from '../../support/pair'
import { createWorld } from '../../support/world'

/** A device that answers when it is told to, in the order in which it was asked. */
const createCounter = () => {
  const asked: unknown[] = []
  const answers: (() => void)[] = []
  const handler = (input: unknown) => {
    asked.push(input)
    return new Promise<unknown>((resolve) => answers.push(() => resolve(input)))
  }
  return { asked, answers, handler }
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

test('three thousand uploads at once are all taken, in their order, and never more at a time than the device allows', async () => {
  let running = 0
  let most = 0
  const order: number[] = []
  const upload = action<number, number>('upload')
  const { connection } = await createPair((device) => {
    device.handle(upload, async (number, { body }) => {
      order.push(number)
      most = Math.max(most, ++running)
      const { byteLength } = await new Response(body).arrayBuffer()
      running--
      return byteLength
    })
  })
  const sizes = numbers(3000).map((number) => number % 7)
  const uploads = sizes.map((size, number) =>
    connection.request(upload, number, { body: new Uint8Array(size) }),
  )
  expect(await Promise.all(uploads)).toEqual(sizes)
  expect(order).toEqual(numbers(3000))
  expect(most).toBeLessThanOrEqual(1024)
})

test('what the device has no place for waits, and says so, and goes out when one before it has ended', async () => {
  const { asked, answers, handler } = createCounter()
  const { create, device, clock, settled } = createWorld()
  device('nas', { limits: { pendingRequests: 20 } }).handle('count', handler)
  const connection = create('laptop').connect('nas')
  const requests = numbers(30).map((number) => connection.request('count', number))
  await clock.runUntil(() => asked.length === 20)
  await clock.advance(1000)
  const statuses = () => connection.$requests.get().map(({ status }) => status)
  connection.$requests.listen(() => {})
  await clock.advance(1000)
  expect(asked).toEqual(numbers(20))
  expect(statuses()).toEqual([...Array(20).fill('pending'), ...Array(10).fill('waiting')])
  answers[3]?.()
  await settled(requests[3] as Promise<unknown>)
  await clock.runUntil(() => asked.length === 21)
  await clock.advance(1000)
  expect(asked[20]).toBe(20)
  expect(statuses()).toEqual([...Array(20).fill('pending'), ...Array(9).fill('waiting')])
  // What is asked meanwhile waits behind those.
  const last = connection.request('count', 'last')
  for (let index = 0; index < 31; index++) {
    await clock.runUntil(() => answers.length > index)
    answers[index]?.()
  }
  expect(await settled(Promise.all(requests))).toEqual(numbers(30))
  expect(await settled(last)).toBe('last')
  expect(asked).toEqual([...numbers(30), 'last'])
})

test('what waits for a place can be aborted, and is given up at its deadline, and the device never hears of it', async () => {
  const { asked, answers, handler } = createCounter()
  const { create, device, clock, settled, state } = createWorld()
  device('nas', { limits: { openStreams: 1 } }).handle('count', handler)
  const connection = create('laptop').connect('nas')
  const first = connection.request('count', 'first', { timeout: 0 })
  await clock.runUntil(() => asked.length === 1 && state(connection) === 'open')
  const leaving = new AbortController()
  const aborted = connection.request('count', 'aborted', { signal: leaving.signal })
  const late = connection.request('count', 'late', { timeout: 100 })
  const last = connection.request('count', 'last', { timeout: 0 })
  leaving.abort()
  await expect(settled(aborted)).rejects.toMatchObject({ code: 'ABORTED' })
  await expect(settled(late)).rejects.toMatchObject({
    code: 'TIMEOUT',
    message: expect.stringContaining('busy with all that was asked before'),
  })
  answers[0]?.()
  await clock.runUntil(() => asked.length === 2)
  answers[1]?.()
  expect(await settled(Promise.all([first, last]))).toEqual(['first', 'last'])
  expect(asked).toEqual(['first', 'last'])
})

test('what waits for a place is lost with its session, and asked in the next one where it may be repeated', async () => {
  const before = createCounter()
  const { create, device, clock, settled, state } = createWorld()
  const nas = device('nas', { limits: { pendingRequests: 1 } })
  nas.handle('count', before.handler)
  const connection = create('laptop').connect('nas')
  const failed = connection.request('count', 'first')
  await clock.runUntil(() => before.asked.length === 1 && state(connection) === 'open')
  const waiting = connection.request('count', 'waiting')
  const repeated = connection.request('count', 'repeated', { retry: true })
  for (const promise of [failed, waiting]) promise.catch(() => {})
  await settled(nas.destroy())
  const after = createCounter()
  device('nas', { limits: { pendingRequests: 1 } }).handle('count', after.handler)
  await expect(settled(failed)).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
  await expect(settled(waiting)).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
  await clock.runUntil(() => after.asked.length === 1)
  after.answers[0]?.()
  expect(await settled(repeated)).toBe('repeated')
  expect(before.asked).toEqual(['first'])
})

test.each([
  [4, 4],
  [0.5, 1],
  [Number.POSITIVE_INFINITY, 40],
  // One of before this was told: past its limit it refuses.
  [null, 40],
])('of forty requests, a remote that says it takes %s is sent %i', async (requests, sent) => {
  const { device, clock, net } = createWorld()
  const laptop = device('laptop')
  await clock.runUntil(() => laptop.$status.value?.state === 'open')
  const mallory = await Mallory.join(net.transport, 'mallory', clock, (condition) =>
    clock.runUntil(condition),
  )
  const link = await mallory.dial('laptop')
  await link.shakeHands({ requests })
  const connection = laptop.connect('mallory')
  for (const number of numbers(40)) connection.request('count', number, { timeout: 0 }).catch(() => {})
  await clock.advance(1000)
  expect(link.of(FrameType.Request)).toHaveLength(sent)
  await link.close()
})
