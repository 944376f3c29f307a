import { describe, expect, test } from 'vitest'
import type { Identity } from '../../src/base/identity'
import type { KeyChange, Transport } from '../../src/base/transport'
import type { ConnectOptions, PeerOptions } from '../../src/base/types'
import { generateSecret, NanopeerError } from '../../src/index'
import { createTestNetwork } from '../../testing'
import { newIdentity, rotated } from '../support/identities'
import { open } from './cast'
import { createScene, laptopIdentity, nasIdentity, refused } from './key-scene'
import { renaming } from './renaming'

const secret = generateSecret()

describe('what each side has set, and what comes of it', () => {
  type Has = 'none' | 'secret' | 'identity' | 'both'
  const all: readonly Has[] = ['none', 'secret', 'identity', 'both']
  const optionsOf = (has: Has, identity: Identity): PeerOptions => ({
    accept: 'anyone',
    ...((has === 'secret' || has === 'both') && { secret }),
    ...((has === 'identity' || has === 'both') && { identity }),
  })
  const knowsSecret = (has: Has) => has === 'secret' || has === 'both'
  const hasKey = (has: Has) => has === 'identity' || has === 'both'
  const cells = all.flatMap((dialler) => all.map((accepter) => ({ dialler, accepter })))

  test.each(cells)('$dialler dials $accepter', async ({ dialler, accepter }) => {
    const { start } = createScene()
    const nas = await start('nas', optionsOf(accepter, nasIdentity))
    const laptop = await start('laptop', optionsOf(dialler, laptopIdentity))
    const asked = laptop.connect('nas').request('who')
    if (knowsSecret(dialler) !== knowsSecret(accepter)) {
      await expect(asked).rejects.toMatchObject(refused)
      return
    }
    const authenticated = knowsSecret(dialler)
    const key = hasKey(dialler) ? laptopIdentity.key : null
    expect(await asked).toEqual({ id: 'laptop', key, authenticated, metadata: undefined })
    // A device that has nothing to show, and asks for nothing, hears no proof: its request went out with its first word.
    const isShown = hasKey(accepter) && dialler !== 'none'
    const back = nas.connect('laptop').request('who')
    expect(await back).toMatchObject({ id: 'nas', key: isShown ? nasIdentity.key : null, authenticated })
  })
})

describe('a key that is pinned', () => {
  const ask = async (device: PeerOptions, given: ConnectOptions, laptop: PeerOptions = {}) => {
    const { start } = createScene()
    await start('nas', { accept: 'anyone', ...device })
    const connection = (await start('laptop', laptop)).connect('nas', given)
    return { connection, answer: connection.request('who') }
  }

  test('is asked for by a page that has none itself', async () => {
    const { answer } = await ask({ identity: nasIdentity }, { key: nasIdentity.key })
    expect(await answer).toMatchObject({ id: 'laptop', key: null, authenticated: false })
  })

  test.each([
    ['another key', { identity: laptopIdentity }, laptopIdentity.key],
    ['no key', {}, null],
    ['no key, and the secret', { secret }, null],
  ])('keeps a request from whoever shows %s', async (_, device, shown) => {
    const { connection, answer } = await ask(
      device,
      { key: nasIdentity.key, ...('secret' in device && { secret }) },
      { identity: laptopIdentity },
    )
    await expect(answer).rejects.toMatchObject({ code: 'KEY_CHANGED' })
    const { error } = connection.$status.get()
    expect(error?.code).toBe('KEY_CHANGED')
    expect(error?.cause as KeyChange).toMatchObject({ expected: nasIdentity.key, shown })
  })

  test('is proved by the one that replaces it, and by none that says so', async () => {
    const heir = await rotated(nasIdentity)
    const { answer } = await ask({ identity: heir }, { key: nasIdentity.key })
    expect(await answer).toMatchObject({ id: 'laptop' })
    const thief = { ...(await newIdentity()), predecessors: heir.predecessors }
    const { answer: other } = await ask({ identity: thief }, { key: nasIdentity.key })
    await expect(other).rejects.toMatchObject(refused)
  })

  test('is proved by who dials, too, and makes him authenticated', async () => {
    const { start } = createScene()
    const nas = await start('nas')
    nas.connect('laptop', { key: laptopIdentity.key })
    await nas.connect('laptop').close()
    const laptop = await start('laptop', { identity: laptopIdentity })
    expect(await laptop.connect('nas').request('who')).toMatchObject({
      key: laptopIdentity.key,
      authenticated: true,
    })
    await laptop.destroy()
    for (const identity of [undefined, nasIdentity]) {
      const other = await start('laptop', { identity })
      await expect(other.connect('nas').request('who')).rejects.toMatchObject(refused)
      await other.destroy()
    }
  })

  test('ends a session that has not proved it, and stays when it is left out', async () => {
    const { start } = createScene()
    await start('nas', { accept: 'anyone', identity: nasIdentity })
    const laptop = await start('laptop', { identity: laptopIdentity })
    await laptop.connect('nas').request('who')
    const connection = laptop.connect('nas', { key: laptopIdentity.key })
    await expect(connection.request('who')).rejects.toMatchObject({ code: 'KEY_CHANGED' })
    await laptop.connect('nas').close()
    await expect(laptop.connect('nas').request('who')).rejects.toMatchObject({ code: 'KEY_CHANGED' })
    laptop.connect('nas', { key: nasIdentity.key })
    expect(await laptop.connect('nas').request('who')).toMatchObject({ key: laptopIdentity.key })
  })

  test('is none where it is no key, or the remote is a PeerJS client', async () => {
    const { create } = createScene()
    const laptop = create('laptop', {})
    const wrong = expect.objectContaining({ code: 'INVALID_INPUT' })
    expect(() => laptop.connect('nas', { key: 'short' })).toThrowError(wrong)
    const plain = laptop.connect('nas', { key: nasIdentity.key, protocol: 'plain' })
    await expect(plain.request('who')).rejects.toMatchObject({ code: 'UNSUPPORTED' })
  })
})

describe('`accept` as a list of keys', () => {
  test('serves those who prove one, whatever their id, and what has replaced one', async () => {
    const { start } = createScene()
    await start('nas', { accept: [laptopIdentity.key] })
    for (const [id, identity] of [
      ['laptop', laptopIdentity],
      ['elsewhere', laptopIdentity],
      ['replaced', await rotated(laptopIdentity)],
    ] as const) {
      const friend = await start(id, { identity })
      expect(await friend.connect('nas').request('who')).toMatchObject({
        id,
        key: identity.key,
        authenticated: false,
      })
    }
    for (const identity of [undefined, nasIdentity]) {
      const stranger = await start('stranger', { identity })
      await expect(stranger.connect('nas').request('who')).rejects.toMatchObject(refused)
      await stranger.destroy()
    }
  })

  test('is none for somebody who has shown a key and takes its session over without it', async () => {
    const { start, lose } = createScene()
    await start('nas', { accept: 'anyone' })
    const laptop = await start('laptop', { identity: laptopIdentity })
    const connection = laptop.connect('nas')
    await connection.request('who')
    lose('laptop', 'nas')
    expect(await connection.request('who')).toMatchObject({ key: laptopIdentity.key })
  })
})

describe('a session that a key holds', () => {
  const begin = async () => {
    const net = createTestNetwork()
    const nas = await open('nas', {
      transport: renaming(net.transport, { mallory: 'friend' }),
      accept: 'anyone',
    })
    nas.handle('who', (_, { remote }) => remote)
    const friend = await open('friend', { transport: net.transport, identity: laptopIdentity })
    const connection = friend.connect('nas')
    await connection.request('who')
    return { net, connection }
  }

  test.each([
    ['another key', nasIdentity],
    ['none', undefined],
  ])('is not replaced by whoever takes its id with %s, not even while it is away', async (_, identity) => {
    const { net, connection } = await begin()
    net.cut('nas', 'friend')
    // The signalling server lets Mallory be taken for the friend, at both ends.
    const transport: Transport = {
      ...net.transport,
      join: (_id, options, events) => net.transport.join('mallory', options, events),
    }
    const mallory = await open('friend', { transport, identity })
    const stolen = mallory.connect('nas').request('who', undefined, { timeout: 300 })
    await expect(stolen).rejects.toBeInstanceOf(NanopeerError)
    net.heal('nas', 'friend')
    expect(await connection.request('who')).toMatchObject({ key: laptopIdentity.key })
    expect(connection.$stats.get().links).toBe(2)
  })
})
