import { describe, expect, test } from 'vitest'
import type { Identity } from '../../src/base/identity'
import type { Known } from '../../src/base/known'
import type { KeyChange, Transport } from '../../src/base/transport'
import type { ConnectOptions, PeerOptions, Remote } from '../../src/base/types'
import { generateSecret, getPeer, NanopeerError } from '../../src/index'
import { createTestNetwork } from '../../testing'
import { memoryKnown, newIdentity, rotated } from '../support/identities'
import { create, open, until } from './cast'
import { renaming } from './renaming'

const secret = generateSecret()
const [laptopIdentity, nasIdentity] = await Promise.all([newIdentity(), newIdentity()])
const quick = { minDelay: 20, maxDelay: 40 }

/** Devices on one network; each asks by saying who it is told that asks. */
const createScene = () => {
  const { transport, cut, heal } = createTestNetwork()
  const start = async (id: string, options: PeerOptions = {}) => {
    const peer = await open(id, { transport, reconnect: quick, ...options })
    peer.handle('who', (_, { remote }) => remote)
    return peer
  }
  const lose = (a: string, b: string) => {
    cut(a, b)
    heal(a, b)
  }
  return { start, lose, create: (id: string, options: PeerOptions) => create(id, { transport, ...options }) }
}

const refused = { code: 'REFUSED' }

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

describe('a secret that is a function', () => {
  test('is asked for each remote, and refuses whom it knows nothing of', async () => {
    const { start } = createScene()
    const own = generateSecret()
    const asked: string[] = []
    await start('nas', {
      secret: (id) => {
        asked.push(id)
        return id === 'laptop' ? own : undefined
      },
    })
    const laptop = await start('laptop', { secret: own })
    expect(await laptop.connect('nas').request('who')).toMatchObject({ authenticated: true })
    for (const options of [{}, { secret: own }, { identity: laptopIdentity }]) {
      const other = await start('other', options)
      await expect(other.connect('nas').request('who')).rejects.toMatchObject(refused)
      await other.destroy()
    }
    expect(new Set(asked)).toEqual(new Set(['laptop', 'other']))
  })

  test.each([
    [
      'throws',
      () => {
        throw new Error('The database is gone.')
      },
    ],
    ['gives what is no secret', () => 'letmein'],
  ])('that %s refuses, and the app hears of it', async (_, given) => {
    const { start } = createScene()
    const heard: unknown[] = []
    await start('nas', { accept: 'anyone', secret: given, onError: (error) => heard.push(error) })
    const laptop = await start('laptop', { secret })
    await expect(laptop.connect('nas').request('who')).rejects.toMatchObject(refused)
    expect(heard.length).toBeGreaterThan(0)
  })
})

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
