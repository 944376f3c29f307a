import type { StandardSchemaV1 } from '@standard-schema/spec'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { action } from '../../../src/base/action'
import type { Connection } from '../../../src/base/types'
import { createWorld } from '../../support/world'

const echo = action<string, string>('echo')
const slow = action<null, null>('slow')
const read = action.bytes('read')
const nothing: StandardSchemaV1<number> = {
  '~standard': { version: 1, vendor: 'test', validate: () => ({ issues: [{ message: 'no' }] }) },
}
const picky = action('picky', { output: nothing })

const unhandled: unknown[] = []
const keep = (reason: unknown) => void unhandled.push(reason)

beforeEach(() => {
  unhandled.length = 0
  process.on('unhandledRejection', keep)
})

afterEach(() => {
  process.off('unhandledRejection', keep)
})

/** A laptop on a session with a device that notes what it is asked. */
const connected = async () => {
  const world = createWorld({ delay: 1 })
  const device = world.device('nas')
  const asked: string[] = []
  device.handle(echo, (text) => {
    asked.push(text)
    return text
  })
  device.handle(slow, () => new Promise(() => {}))
  device.handle(read, () => new Uint8Array(100))
  device.handle(picky, () => 1)
  const connection = world.create('laptop').connect('nas')
  const { settled } = world
  await settled(connection.request(echo, 'first'))
  asked.length = 0
  return { ...world, connection, asked }
}

const isOpen = (connection: Connection) => connection.$status.value?.state === 'open'

test('a request that is aborted as it is written again leaves the session whole', async () => {
  const { clock, net, connection, settled } = await connected()
  const stop = new AbortController()
  net.cut('laptop', 'nas', { silent: true, recover: false })
  const aborted = connection.request(slow, null, { signal: stop.signal, timeout: 0 })
  aborted.catch(() => {})
  await clock.advance(50)
  net.cut('laptop', 'nas')
  await clock.advance(20)
  const second = connection.request(echo, 'second', { timeout: 0 })
  let looks = 0
  connection.$requests.listen(() => {
    if (isOpen(connection) && ++looks === 2) stop.abort()
  })
  net.heal('laptop', 'nas')
  expect(await settled(second)).toBe('second')
  await expect(aborted).rejects.toMatchObject({ code: 'ABORTED' })
})

test('a connection that is closed as requests are written does not put the later ones first', async () => {
  const { clock, connection, asked, settled } = await connected()
  connection.$status.listen(() => {})
  const texts = Array.from({ length: 300 }, (_, index) => `${index}`.padEnd(60))
  let closing: Promise<void> | null = null
  let isAsked = false
  connection.$requests.listen(() => {
    if (isAsked) closing ??= connection.close()
  })
  for (const text of texts) connection.request(echo, text).catch(() => {})
  isAsked = true
  await clock.runUntil(() => closing !== null)
  await settled(closing as unknown as Promise<void>)
  await clock.advance(100)
  expect(asked.length).toBeGreaterThan(0)
  expect(asked).toEqual(texts.slice(0, asked.length))
})

test('an answer that is aborted as it arrives, and does not match its schema, is told once', async () => {
  const { clock, connection, settled } = await connected()
  connection.$requests.listen((requests) => {
    for (const { status, abort } of requests) if (status === 'streaming') abort()
  })
  await expect(settled(connection.request(picky))).rejects.toMatchObject({ code: 'ABORTED' })
  await clock.advance(100)
  await new Promise((resolve) => setImmediate(resolve))
  expect(unhandled).toEqual([])
})

test('an answer in bytes that is aborted as it begins leaves no timer behind', async () => {
  const { clock, connection, settled } = await connected()
  await clock.advance(300_000)
  const quiet = clock.pending
  const unlisten = connection.$requests.listen((requests) => {
    for (const { status, abort } of requests) if (status === 'streaming') abort()
  })
  await expect(settled(connection.request(read, undefined))).rejects.toMatchObject({ code: 'ABORTED' })
  unlisten()
  await clock.advance(300_000)
  expect(clock.pending).toBe(quiet)
})

test('bytes that are transferred before the remote has them end the session, and say so', async () => {
  const { clock, net, connection, settled } = await connected()
  connection.$status.listen(() => {})
  const bytes = new Uint8Array(10_000)
  net.cut('laptop', 'nas', { silent: true, recover: false })
  const sending = connection.request(slow, null, { body: bytes, timeout: 0 })
  const ended = expect(settled(sending)).rejects.toMatchObject({
    code: 'CONNECTION_LOST',
    message: expect.stringContaining('transferred'),
  })
  await clock.advance(50)
  structuredClone(bytes, { transfer: [bytes.buffer] })
  net.cut('laptop', 'nas')
  await clock.advance(20)
  net.heal('laptop', 'nas')
  await ended
  expect(await settled(connection.request(echo, 'next'))).toBe('next')
})

test('more requests than the first message takes follow it, where messages are small', async () => {
  const { create, device, settled } = createWorld({ delay: 1, maxMessageSize: 16 * 1024 })
  const asked: string[] = []
  device('nas').handle(echo, (text) => {
    asked.push(text)
    return text
  })
  const connection = create('laptop').connect('nas')
  const texts = Array.from({ length: 300 }, (_, index) => `${index}`.padEnd(100))
  const answers = await settled(Promise.all(texts.map((text) => connection.request(echo, text))))
  expect(answers).toEqual(texts)
  expect(asked).toEqual(texts)
})
