import { expect, test } from 'vitest'
import type { PeerOptions } from '../../src/base/types'
import { generateSecret } from '../../src/index'
import { memoryKnown, newIdentity } from '../support/identities'
import { createScene, laptopIdentity, nasIdentity, refused } from './key-scene'

// An id may be a key. Nobody else has it then; but anybody can make a key, and call himself by it.

test.each<[string, PeerOptions]>([
  ['says nothing of whom it serves', {}],
  ['has a key', { identity: nasIdentity }],
  ['serves those whom it knows', { identity: nasIdentity, known: memoryKnown() }],
  ['serves a list', { accept: [nasIdentity.key, 'laptop'] }],
])('a stranger who calls himself by his own key is not served by a device that %s', async (_, options) => {
  const { start } = createScene()
  const nas = await start('nas', options)
  const ran: unknown[] = []
  nas.handle('who', (_, { remote }) => ran.push(remote))
  const stranger = await start(laptopIdentity.key, { identity: laptopIdentity })
  await expect(stranger.connect('nas').request('who')).rejects.toMatchObject(refused)
  expect(ran).toEqual([])
})

test('he is shown to `accept` and to handlers as somebody who has that key, and has proved nothing else', async () => {
  const { start } = createScene()
  await start('nas', { accept: ({ key }) => key === laptopIdentity.key })
  const laptop = await start(laptopIdentity.key, { identity: laptopIdentity })
  expect(await laptop.connect('nas').request('who')).toEqual({
    id: laptopIdentity.key,
    key: laptopIdentity.key,
    authenticated: false,
    metadata: undefined,
  })
})

test.each<[string, PeerOptions]>([
  ['known', { known: memoryKnown({ [laptopIdentity.key]: laptopIdentity.key }) }],
  ['dialled by it', {}],
])('whoever is %s is served by default', async (how, options) => {
  const { start } = createScene()
  const nas = await start('nas', options)
  if (how === 'dialled by it') await nas.connect(laptopIdentity.key).close()
  const laptop = await start(laptopIdentity.key, { identity: laptopIdentity })
  expect(await laptop.connect('nas').request('who')).toMatchObject({ authenticated: true })
})

test('it is proved in both directions, without anything pinned', async () => {
  const { start } = createScene()
  const nas = await start(nasIdentity.key, { identity: nasIdentity, accept: [laptopIdentity.key] })
  const laptop = await start(laptopIdentity.key, { identity: laptopIdentity })
  expect(await laptop.connect(nasIdentity.key).request('who')).toMatchObject({ key: laptopIdentity.key })
  // It has dialled that key, so it serves whoever has it.
  expect(await nas.connect(laptopIdentity.key).request('who')).toMatchObject({
    id: nasIdentity.key,
    authenticated: true,
  })
})

test('no other key can be pinned for it', async () => {
  const laptop = await createScene().start('laptop')
  const wrong = expect.objectContaining({
    code: 'INVALID_INPUT',
    message: expect.stringContaining(laptopIdentity.key),
  })
  expect(() => laptop.connect(nasIdentity.key, { key: laptopIdentity.key })).toThrowError(wrong)
  expect(() => laptop.connect(nasIdentity.key, { key: nasIdentity.key })).not.toThrow()
})

test('nobody who takes it is taken for its owner: neither where he answers nor where he dials', async () => {
  const { start } = createScene()
  const thief = await newIdentity()
  await start(nasIdentity.key, { accept: 'anyone', identity: thief })
  const laptop = await start('laptop', { accept: 'anyone' })
  await expect(laptop.connect(nasIdentity.key).request('who')).rejects.toMatchObject({ code: 'KEY_CHANGED' })
  for (const identity of [undefined, thief]) {
    const other = await start(laptopIdentity.key, { identity })
    await expect(other.connect('laptop').request('who')).rejects.toMatchObject(refused)
    await other.destroy()
  }
})

test('a secret is asked for beside it', async () => {
  const { start } = createScene()
  await start('nas', { secret: generateSecret() })
  const stranger = await start(laptopIdentity.key, { identity: laptopIdentity, secret: generateSecret() })
  await expect(stranger.connect('nas').request('who')).rejects.toMatchObject(refused)
})
