import { describe, expect, test } from 'vitest'
import type { Known } from '../../src/base/known'
import type { Remote } from '../../src/base/types'
import { memoryKnown, newIdentity, rotated } from '../support/identities'
import { until } from './cast'
import { createScene, laptopIdentity, nasIdentity, refused } from './key-scene'

describe('a remote that is known', () => {
  test('is one that was dialled once, and that has proved a key', async () => {
    const { start } = createScene()
    const known = memoryKnown()
    const nas = await start('nas', { accept: 'anyone', identity: nasIdentity })
    await start('bare', { accept: 'anyone' })
    const laptop = await start('laptop', { identity: laptopIdentity, known, accept: 'anyone' })
    await laptop.connect('nas').request('who')
    await laptop.connect('bare').request('who')
    expect(await known.list()).toEqual([{ id: 'nas', key: nasIdentity.key }])
    // What it asks back, it asks as one that is known.
    expect(await nas.connect('laptop').request('who')).toMatchObject({ id: 'nas', authenticated: true })
  })

  test('is none that has dialled us: else strangers would take the ids of friends', async () => {
    const { start } = createScene()
    const known = memoryKnown()
    await start('nas', { accept: 'anyone', identity: nasIdentity, known })
    const stranger = await start('laptop', { identity: await newIdentity() })
    expect(await stranger.connect('nas').request('who')).toMatchObject({ authenticated: false })
    expect(await known.list()).toEqual([])
  })

  test('is refused with another key, or with none, when it dials', async () => {
    const { start } = createScene()
    const known = memoryKnown({ laptop: laptopIdentity.key })
    await start('nas', { accept: 'anyone', known })
    for (const identity of [undefined, nasIdentity]) {
      const other = await start('laptop', { identity })
      await expect(other.connect('nas').request('who')).rejects.toMatchObject(refused)
      await other.destroy()
    }
    const laptop = await start('laptop', { identity: laptopIdentity })
    expect(await laptop.connect('nas').request('who')).toMatchObject({ authenticated: true })
  })

  test('is served by default, and nobody else', async () => {
    const { start } = createScene()
    await start('nas', { known: memoryKnown({ laptop: laptopIdentity.key }) })
    const laptop = await start('laptop', { identity: laptopIdentity })
    expect(await laptop.connect('nas').request('who')).toMatchObject({ authenticated: true })
    const other = await start('other', { identity: await newIdentity() })
    await expect(other.connect('nas').request('who')).rejects.toMatchObject(refused)
  })

  test('is known by its new key once the old one has signed that', async () => {
    const { start } = createScene()
    const known = memoryKnown({ nas: nasIdentity.key })
    const laptop = await start('laptop', { known })
    const heir = await rotated(nasIdentity)
    const nas = await start('nas', { accept: 'anyone', identity: heir })
    await laptop.connect('nas').request('who')
    expect(await known.get('nas')).toBe(heir.key)
    await nas.destroy()
    await start('nas', { accept: 'anyone', identity: nasIdentity })
    await expect(laptop.connect('nas').request('who')).rejects.toMatchObject({ code: 'KEY_CHANGED' })
  })

  test('is none that another dial has learned by another key meanwhile, in another tab for instance', async () => {
    const { start } = createScene()
    const known = memoryKnown()
    let questions = 0
    // The first question is this dial's own, before it goes out.
    const late: Known = {
      ...known,
      get: (id) => (id === 'nas' && questions++ === 0 ? undefined : known.get(id)),
    }
    await known.set('nas', nasIdentity.key)
    await start('nas', { accept: 'anyone', identity: await newIdentity() })
    const laptop = await start('laptop', { known: late })
    await expect(laptop.connect('nas').request('who')).rejects.toMatchObject({ code: 'KEY_CHANGED' })
    expect(await known.list()).toEqual([{ id: 'nas', key: nasIdentity.key }])
  })

  test('is not known where that cannot be kept, and the app hears of it', async () => {
    const { start } = createScene()
    const heard: unknown[] = []
    const full = new Error('No room.')
    const known = { ...memoryKnown(), set: () => Promise.reject(full) }
    const nas = await start('nas', { accept: 'anyone', identity: nasIdentity })
    const laptop = await start('laptop', { known, accept: 'anyone', onError: (error) => heard.push(error) })
    await laptop.connect('nas').request('who')
    expect(heard).toContain(full)
    expect(await nas.connect('laptop').request('who')).toMatchObject({ authenticated: false })
  })

  test('is not asked while it cannot be looked up', async () => {
    const { start } = createScene()
    const known = { ...memoryKnown(), get: () => Promise.reject(new TypeError('Broken.')) }
    await start('nas', { accept: 'anyone', identity: nasIdentity })
    const laptop = await start('laptop', { known })
    await expect(laptop.connect('nas').request('who')).rejects.toMatchObject({ code: 'NETWORK' })
  })
})

describe('KEY_CHANGED', () => {
  test('is told to every request, shows both keys, and the device itself is welcome back', async () => {
    const { start } = createScene()
    const known = memoryKnown({ nas: nasIdentity.key })
    const served: Remote[] = []
    const thief = await newIdentity()
    const impostor = await start('nas', { accept: 'anyone', identity: thief })
    impostor.handle('who', (_, { remote }) => served.push(remote))
    const laptop = await start('laptop', { known, identity: laptopIdentity })
    const connection = laptop.connect('nas')
    const asked = [connection.request('who'), connection.request('who')]
    for (const answer of asked) await expect(answer).rejects.toMatchObject({ code: 'KEY_CHANGED' })
    const { error, retryAt } = connection.$status.get()
    expect(error?.cause).toMatchObject({ expected: nasIdentity.key, shown: thief.key })
    expect(retryAt).not.toBe(null)
    expect(served).toEqual([])
    await impostor.destroy()
    await start('nas', { accept: 'anyone', identity: nasIdentity })
    await until(() => connection.$status.get().state === 'open', 'the device to be reached again')
    expect(await connection.request('who')).toMatchObject({ id: 'laptop' })
  })

  test('dials again after the longest wait there is', async () => {
    const { start } = createScene()
    await start('nas', { accept: 'anyone', identity: await newIdentity() })
    const laptop = await start('laptop', { reconnect: { minDelay: 20, maxDelay: 600_000 } })
    const connection = laptop.connect('nas', { key: nasIdentity.key })
    await expect(connection.request('who')).rejects.toMatchObject({ code: 'KEY_CHANGED' })
    await until(() => connection.$status.get().retryAt !== null, 'the next dial')
    expect((connection.$status.get().retryAt as number) - Date.now()).toBeGreaterThan(290_000)
  })
})
