import { expect, test } from 'vitest'
import type { PeerOptions } from '../../src/base/types'
import { getPeer } from '../../src/index'
import { createTestNetwork } from '../../testing'
import { newIdentity } from '../support/identities'
import { until } from './cast'
import { createScene, laptopIdentity, nasIdentity } from './key-scene'

test('an identity that cannot be had keeps the peer from dialling, and is told to nobody as none', async () => {
  const { start } = createScene()
  const identity = Promise.reject(new TypeError('Broken.'))
  identity.catch(() => {})
  const heard: unknown[] = []
  await start('nas', { accept: 'anyone' })
  const laptop = await start('laptop', { identity, onError: (error) => heard.push(error) })
  await expect(laptop.connect('nas').request('who')).rejects.toMatchObject({ code: 'NETWORK' })
  expect(heard).toHaveLength(1)
})

test('a second identity for a peer that is there is an error, at once or when both are loaded', async () => {
  const { transport } = createTestNetwork()
  const reports: unknown[] = []
  const other = expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringMatching(/identity/) })
  const get = (id: string, identity: PeerOptions['identity']) =>
    getPeer(id, { transport, identity, onError: (error) => reports.push(error) })
  const [loaded, loading] = [get('loaded', nasIdentity), get('loading', Promise.resolve(nasIdentity))]
  expect(get('loaded', nasIdentity)).toBe(loaded)
  expect(() => get('loaded', laptopIdentity)).toThrowError(other)
  expect(get('loading', Promise.resolve(nasIdentity))).toBe(loading)
  expect(get('loading', nasIdentity)).toBe(loading)
  await Promise.resolve()
  expect(reports).toEqual([])
  expect(get('loading', Promise.resolve(laptopIdentity))).toBe(loading)
  await until(() => reports.length > 0, 'the app to hear of it')
  expect(reports).toEqual([other])
  await Promise.all([loaded.destroy(), loading.destroy()])
})

test('an identity that was made just now is told as an event', async () => {
  const { start } = createScene()
  const events: unknown[] = []
  const identity = await newIdentity()
  await start('laptop', { identity: Promise.resolve(identity), onEvent: (event) => events.push(event) })
  await until(() => events.length > 0, 'the event')
  expect(events).toContainEqual({
    type: 'identity',
    remoteId: null,
    key: identity.key,
    created: true,
    kept: true,
  })
})
