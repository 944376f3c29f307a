import { expect, test } from 'vitest'
import { createPeer, type IceServers, type PeerOptions } from '../../src'
import { createRequestViews, createSubscriptionViews } from '../../src/adapter'
import { currentIceServers } from '../../src/engine/signalling/ice-servers'
import { createTestNetwork } from '../../testing'
import { createPair } from '../support/pair'
import { VirtualClock } from '../support/virtual-clock'

const wrong = (text: string) =>
  expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringContaining(text) })

const peerWith = (options: object) => () =>
  createPeer('wrong', { transport: createTestNetwork().transport, ...(options as PeerOptions) })

test('times that are none are refused where they are given, by name and value', async () => {
  const { connection, laptop } = await createPair(() => {})
  expect(peerWith({ reconnect: { minDelay: 0 } })).toThrow(wrong('`reconnect.minDelay`'))
  expect(peerWith({ reconnect: { maxDelay: -5 } })).toThrow(wrong('not -5'))
  expect(peerWith({ reconnect: { resumeTimeout: Number.NaN } })).toThrow(wrong('not NaN'))
  expect(() => laptop.connect('other', { timeout: Number.NaN })).toThrow(wrong('`timeout`'))
  for (const timeout of [Number.NaN, -1, '5' as unknown as number]) {
    await expect(connection.request('any', null, { timeout })).rejects.toEqual(wrong('`timeout`'))
  }
  const { view } = createRequestViews<string>()
  expect(() => view(connection, 'any', null, { refetchInterval: Number.NaN })).toThrow(
    wrong('`refetchInterval`'),
  )
  // Never, as in TanStack Query.
  for (const refetchInterval of [0, false] as const) view(connection, 'any', null, { refetchInterval })
  const subscriptions = createSubscriptionViews<string>()
  expect(() => subscriptions.view(connection, 'any', null, { throttle: -1 })).toThrow(wrong('`throttle`'))
})

test('a request without an end to its time waits', async () => {
  const { connection } = await createPair((device) => void device.handle('any', () => 'fine'))
  for (const timeout of [Number.POSITIVE_INFINITY, 2 ** 40, 0]) {
    expect(await connection.request('any', null, { timeout })).toBe('fine')
  }
})

test('options of another shape are refused where they are given', () => {
  expect(peerWith({ iceServers: { urls: 'stun:a' } })).toThrow(wrong('`iceServers`'))
  expect(peerWith({ iceServers: [{ url: 'stun:a' }] })).toThrow(wrong('`iceServers`'))
  expect(peerWith({ server: { port: 9000 } })).toThrow(wrong('`server`'))
  expect(peerWith({ accept: 'everyone' })).toThrow(wrong('`accept`'))
  expect(peerWith({ iceServers: [{ urls: ['stun:a'] }], accept: ['nas'] })).not.toThrow()
})

test('a function that answers something else, or nothing, is told of by name', async () => {
  const answering = (answer: unknown) => (() => answer) as IceServers
  await expect(currentIceServers(answering({ iceServers: [] }))).rejects.toEqual(wrong('`iceServers()`'))
  const clock = new VirtualClock()
  const asked = currentIceServers(answering(new Promise(() => {})), clock)
  const failed = expect(asked).rejects.toMatchObject({ code: 'TIMEOUT' })
  await clock.advance(10_000)
  await failed
  expect(await currentIceServers(answering([{ urls: 'stun:a' }]))).toHaveLength(1)
})
