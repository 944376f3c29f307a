import { expect, test } from 'vitest'
import type { PeerOptions } from '../../src/base/types'
import { HandlerPlaces } from '../../src/engine/handler-places'
import { createTestNetwork } from '../../testing'
import { memoryKnown, newIdentity } from '../support/identities'
import { resourceUsage } from '../support/resource-usage'
import { join, open } from './cast'
import { request } from './mallory'

const asked = 1024

/** A device whose handlers wait for uploads, and so many strangers who ask for as many as they may and send none. */
const besieged = async (strangers: number, options: PeerOptions = {}) => {
  const { transport } = createTestNetwork()
  const device = await open('device', { transport, accept: 'anyone', ...options })
  device.handle('echo', (input) => input)
  device.handle('upload', async (_input, { body }) => new Response(body).text())
  for (let number = 0; number < strangers; number++) {
    const link = await (await join(transport, `mallory-${number}`)).dial('device')
    await link.shakeHands()
    const upload = (n: number) => request(2 + 2 * n, 'upload', null, 'value', { size: null })
    for (let n = 0; n < asked; n += 64)
      link.send(...Array.from({ length: 64 }, (_, next) => upload(n + next)))
    await link.delivered()
  }
  return { transport, device }
}

const refusedOf = async (requests: readonly Promise<unknown>[]) =>
  (await Promise.allSettled(requests)).filter(({ status }) => status === 'rejected').length

test('64 requests of a friend are served while nine strangers hold all handlers that they may', async () => {
  const { transport, device } = await besieged(9)
  expect(resourceUsage(device).handlers).toBeGreaterThanOrEqual(4096)
  const friend = (await open('friend', { transport })).connect('device')
  expect(await refusedOf(Array.from({ length: 64 }, () => friend.request('echo', 1)))).toBe(0)
}, 30_000)

test('strangers take no handler from a friend who has proved his key', async () => {
  const identity = await newIdentity()
  const { transport, device } = await besieged(1, {
    identity: await newIdentity(),
    known: memoryKnown({ friend: identity.key }),
    limits: { runningHandlers: 64 },
  })
  expect(resourceUsage(device).handlers).toBe(64)
  const friend = (await open('friend', { transport, identity })).connect('device')
  expect(await refusedOf(Array.from({ length: 64 }, () => friend.request('echo', 1)))).toBe(0)
}, 30_000)

test('a handler place is free again when its handler is done, and past the limit each has its even share of half', () => {
  const places = new HandlerPlaces(8)
  for (let n = 0; n < 8; n++) {
    expect(places.isFull('first')).toBe(false)
    places.enter('first')
  }
  expect(places.isFull('first')).toBe(true)
  for (const remoteId of ['second', 'second', 'third']) {
    expect(places.isFull(remoteId)).toBe(false)
    places.enter(remoteId)
  }
  expect(['first', 'second', 'third'].map((remoteId) => places.isFull(remoteId))).toEqual([true, true, true])
  expect(places.isFull('fourth')).toBe(false)
  for (let n = 0; n < 4; n++) places.leave('first')
  expect(['first', 'second', 'third'].map((remoteId) => places.isFull(remoteId))).toEqual([
    false,
    false,
    false,
  ])
  for (let n = 0; n < 4; n++) places.leave('first')
  for (const remoteId of ['second', 'second', 'third']) places.leave(remoteId)
  expect(places.running).toBe(0)
})
