import { describe, expect, test } from 'vitest'
import { memoryKnown, newIdentity, rotated } from '../support/identities'
import { until } from './cast'
import { createScene, laptopIdentity, nasIdentity, refused } from './key-scene'

describe('revoking a key', () => {
  test('ends its sessions at once, and refuses it and what replaces it from then on', async () => {
    const { start } = createScene()
    const nas = await start('nas', { accept: 'anyone' })
    let signal: AbortSignal | null = null
    nas.handle('wait', (_, context) => {
      signal = context.signal
      return new Promise(() => {})
    })
    const laptop = await start('laptop', { identity: laptopIdentity })
    const friend = await start('friend', { identity: await newIdentity() })
    const connection = laptop.connect('nas')
    const waiting = connection.request('wait')
    await until(() => signal !== null, 'the handler to run')
    await friend.connect('nas').request('who')
    const revoked = nas.revoke(laptopIdentity.key)
    expect((signal as unknown as AbortSignal).aborted).toBe(true)
    await revoked
    await expect(waiting).rejects.toMatchObject(refused)
    await expect(connection.request('who')).rejects.toMatchObject(refused)
    await laptop.destroy()
    const heir = await start('laptop', { identity: await rotated(laptopIdentity) })
    await expect(heir.connect('nas').request('who')).rejects.toMatchObject(refused)
    expect(await friend.connect('nas').request('who')).toMatchObject({ id: 'friend' })
  })

  test('is remembered where remotes are known, so that no first use makes it known again', async () => {
    const { start } = createScene()
    const known = memoryKnown({ nas: nasIdentity.key })
    const before = await start('laptop', { known })
    await before.revoke(nasIdentity.key)
    await before.destroy()
    await start('nas', { accept: 'anyone', identity: nasIdentity })
    const laptop = await start('laptop', { known })
    await expect(laptop.connect('nas').request('who')).rejects.toMatchObject(refused)
    await start('elsewhere', { accept: 'anyone', identity: nasIdentity })
    await expect(laptop.connect('elsewhere').request('who')).rejects.toMatchObject(refused)
  })

  test('leaves nobody who is known by it, and its ids to nobody else, until they are paired anew', async () => {
    const { start } = createScene()
    const friend = await newIdentity()
    const known = memoryKnown({ laptop: laptopIdentity.key, tablet: laptopIdentity.key, friend: friend.key })
    const nas = await start('nas', { accept: 'anyone', known })
    await nas.revoke(laptopIdentity.key)
    expect(await known.list()).toEqual([{ id: 'friend', key: friend.key }])
    for (const identity of [laptopIdentity, nasIdentity, undefined]) {
      const tablet = await start('tablet', { identity })
      await expect(tablet.connect('nas').request('who')).rejects.toMatchObject(refused)
      await expect(nas.connect('tablet').request('who')).rejects.toMatchObject(refused)
      await nas.connect('tablet').close()
      await tablet.destroy()
    }
    // What pairing does.
    await known.set('tablet', nasIdentity.key)
    const tablet = await start('tablet', { identity: nasIdentity })
    expect(await tablet.connect('nas').request('who')).toMatchObject({ authenticated: true })
  })

  test('refuses what is no key', async () => {
    const { start } = createScene()
    const nas = await start('nas')
    await expect(nas.revoke('laptop')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
})
