import { map } from 'nanostores'
import { describe, expect, test, vi } from 'vitest'
import { systemClock } from '../../src/base/clock'
import { decodeValue } from '../../src/codec/read'
import { type ActionError, createRemoteStore, type Peer, share, store } from '../../src/index'
import { peerControllerOf } from '../../src/peer/controller'
import { Follower } from '../../src/remote-store/follower'
import { OwnWrites } from '../../src/remote-store/own-writes'
import { Replica } from '../../src/remote-store/replica'
import { SharedStore } from '../../src/remote-store/shared-store'
import { Sharing } from '../../src/remote-store/sharing'
import { ToldState } from '../../src/remote-store/told-state'
import { followAction, type WrittenState, writeAction } from '../../src/remote-store/wire'
import { createPair } from '../support/pair'

const settings = store<Record<string, unknown>>('settings')
const empty = { set: {}, gone: [] }

describe('whoever writes a store', () => {
  const device = async () => {
    const write = vi.fn(() => false)
    const pair = await createPair(
      (nas) => void share(nas, settings, map<Record<string, unknown>>({ a: 1 }), { write }),
    )
    const ask = (name: string, writes: unknown) =>
      pair.connection.request(writeAction, { name, writes: writes as WrittenState[] })
    return { ...pair, write, ask }
  }

  test.each([
    ['101 writes at once', 'settings', new Array(101).fill(empty)],
    ['199,990 writes at once', 'settings', new Array(199_990).fill(0)],
    ['199,990 writes of what is not shared', 'x'.repeat(256), new Array(199_990).fill(0)],
    ['a write that is no object', 'settings', [empty, 0]],
    ['a write that is null', 'settings', [null]],
    ['writes that are no list', 'settings', { length: 1 }],
  ])('is refused before any is looked at: %s', async (_, name, writes) => {
    const { ask, write, errors } = await device()
    await expect(ask(name, writes)).rejects.toMatchObject({ name: 'ActionError', code: 400 })
    expect(write).not.toHaveBeenCalled()
    expect(errors).toEqual([])
  })

  test('may send a hundred, and others have their turn between two of them', async () => {
    const { ask, write } = await device()
    const order: string[] = []
    write.mockImplementation(() => {
      order.push('write')
      setImmediate(() => order.push('another'))
      return false
    })
    expect(await ask('settings', new Array(100).fill(empty))).toHaveLength(100)
    expect(order.slice(0, 199)).toEqual(
      Array.from({ length: 199 }, (_, at) => (at % 2 ? 'another' : 'write')),
    )
  })

  test('never sends more than a hundred, being ours', async () => {
    const lengths: number[] = []
    const writes = new OwnWrites({
      confirmed: { epoch: 'e', n: 0, value: 0 },
      isLive: true,
      refusal: null,
      isPast: () => false,
      send: async (list) => {
        lengths.push(list.length)
        return list.map(() => ({ epoch: 'e', n: 1 }))
      },
      changed() {},
      wrote() {},
      hold: () => () => {},
    })
    await Promise.all(Array.from({ length: 250 }, (_, value) => writes.set(value)))
    expect(lengths).toEqual([1, 100, 100, 49])
  })
})

describe('whoever follows stores', () => {
  test('by names that are none is refused, and nothing of them is kept', async () => {
    const { connection, device } = await createPair((nas) => void share(nas, settings, map({ a: 1 })))
    for (const name of ['', 'x'.repeat(257), 'x'.repeat(2_000_000)]) {
      await expect(connection.request(followAction, name)).rejects.toMatchObject({ code: 400 })
    }
    expect(Sharing.of(device)['followers'].size).toBe(0)
  })

  test('and reads no more has no state kept that is a thousand changes old: it is told the whole one later', () => {
    const $store = map<Record<string, unknown>>({ a: 0, b: 0 })
    const shared = new SharedStore('settings', undefined, $store, undefined, {
      clock: systemClock,
      limit: 1_000_000,
      report() {},
      changed: () => follower.look(),
    })
    const follower: Follower = new Follower(
      'settings',
      () => shared,
      () => {},
    )
    const take = () => decodeValue(follower.take() as Uint8Array)
    expect(take()).toMatchObject({ value: { a: 0, b: 0 } })
    for (let n = 1; n <= 1000; n++) $store.setKey('a', n)
    expect(take()).toEqual({ n: 1000, set: { a: 1000 }, gone: [] })
    for (let n = 1001; n <= 2001; n++) $store.setKey('a', n)
    expect(follower['told']).toBe(null)
    expect(take()).toMatchObject({ n: 2001, value: { a: 2001, b: 0 } })
    shared.end()
  })

  test('that are not shared is forgotten once it stops', async () => {
    const { connection, device } = await createPair((nas) => void share(nas, settings, map({ a: 1 })))
    const items = (await connection.request(followAction, 'later'))[Symbol.asyncIterator]()
    expect((await items.next()).value).toMatchObject({ fault: ['UNKNOWN_ACTION', expect.any(String)] })
    expect([...Sharing.of(device)['followers'].keys()]).toEqual(['later'])
    await items.return?.()
    await expect.poll(() => Sharing.of(device)['followers'].size).toBe(0)
  })
})

describe('a device whose store is followed', () => {
  /** Tells what it likes, and answers writes as it likes. */
  const lying =
    (items: Iterable<unknown>, write: () => unknown = () => []) =>
    (nas: Peer) => {
      const controller = peerControllerOf(nas)
      controller.serveAction(followAction, async function* () {
        yield* items as Iterable<never>
        await new Promise(() => {})
      })
      controller.serveAction(writeAction, write as never)
    }

  const follow = async (items: Iterable<unknown>, write?: () => unknown) => {
    const pair = await createPair(lying(items, write))
    const remote = createRemoteStore(pair.connection, settings)
    remote.$state.listen(() => {})
    return { ...pair, ...remote }
  }

  const fields = (name: string, count: number, value: unknown = 0) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`${name}${index}`, value]))

  const patches = (sets: readonly object[]) => [
    { epoch: 'e', n: 0, value: {} },
    ...sets.map((set, index) => ({ n: index + 1, set, gone: [] })),
  ]

  const refused = { status: 'error', error: { code: 'PROTOCOL' } }

  test('cannot make it grow by patches beyond what could be told of at once: fields', async () => {
    const { $state } = await follow(patches(['a', 'b', 'c'].map((name) => fields(name, 90_000))))
    // Not the state itself: what it is instead would be written down each time, all of its fields.
    await expect.poll(() => $state.value.status, { timeout: 10_000 }).toBe(refused.status)
    expect($state.value.error).toMatchObject(refused.error)
    expect(Object.keys($state.value.value as object)).toHaveLength(180_000)
  })

  test('nor by what is inside of them, and not by texts', () => {
    const told = () => new ToldState({ epoch: 'e', n: 0, value: {} }, 1000)
    const patch = (state: ToldState, name: string, value: unknown) =>
      state.patch({ n: 1, set: { [name]: value }, gone: [] })
    const protocol = expect.objectContaining({ code: 'PROTOCOL' })
    const list = new Array(90_000).fill(0)
    const nested = told()
    for (const name of ['a', 'b']) patch(nested, name, [list])
    expect(() => patch(nested, 'c', [list])).toThrow(protocol)
    const long = told()
    for (const name of ['a', 'b']) patch(long, name, 'x'.repeat(400))
    expect(() => patch(long, 'c', new Uint8Array(400))).toThrow(protocol)
    // The same field again and again is no more than it was.
    const same = told()
    for (let time = 0; time < 20; time++) patch(same, 'a', ['x'.repeat(900)])
    expect(same.value).toEqual({ a: ['x'.repeat(900)] })
  })

  test('has no field counted twice, and none taken off that was not there', () => {
    const state = new ToldState({ epoch: 'e', n: 0, value: { a: 1 } }, 1000)
    state.patch({ n: 1, set: { a: 2, b: 1 }, gone: ['c', 'c', 'b', 'b'] })
    expect(state.value).toEqual({ a: 2 })
    expect(state['fields']).toBe(1)
  })

  test('has all fields copied once for those who look, not for each of its patches', () => {
    let copies = 0
    const ownKeys = (of: object) => {
      copies++
      return Reflect.ownKeys(of)
    }
    const value = new Proxy<Record<string, unknown>>(fields('f', 1000), { ownKeys })
    const state = new ToldState({ epoch: 'e', n: 0, value }, 1_000_000)
    copies = 0
    for (let n = 1; n <= 1000; n++) state.patch({ n, set: { x: n }, gone: [] })
    expect(copies).toBe(1)
    const seen = state.value
    state.patch({ n: 1001, set: { x: 0 }, gone: ['f0'] })
    expect(seen).toMatchObject({ x: 1000, f0: 0 })
    expect(state.value).toMatchObject({ x: 0, f1: 0 })
    expect(state.value).not.toHaveProperty('f0')
  })

  test.each([
    ['an epoch of 65 letters', { epoch: 'e'.repeat(65), n: 0, value: 1 }],
    ['an epoch that is no text', { epoch: ['e'], n: 0, value: 1 }],
    ['a number that is none', { epoch: 'e', n: Number.NaN, value: 1 }],
    ['a number that cannot be counted', { epoch: 'e', n: 2 ** 60, value: 1 }],
    ['a fault that is no list', { fault: null }],
    ['a fault without a text', { fault: [404, ['x']] }],
  ])('is not believed where it tells %s', async (_, item) => {
    const { $state } = await follow([item])
    await expect.poll(() => $state.value).toMatchObject(refused)
  })

  test('has a patch without a number refused', async () => {
    const { $state } = await follow([
      { epoch: 'e', n: 0, value: {} },
      { set: { a: 1 }, gone: [], n: '1' },
    ])
    await expect.poll(() => $state.value).toMatchObject(refused)
  })

  test('cannot have those who look told of every fault it tells of', async () => {
    function* items() {
      for (let n = 0; n < 4000; n++)
        yield n % 2 ? { epoch: 'e', n, value: n } : { fault: ['UNKNOWN_ACTION', 'no'] }
      yield { epoch: 'e', n: 4000, value: 'over' }
    }
    const { $value, $state } = await follow(items())
    const look = vi.fn()
    $state.listen(look)
    await expect.poll(() => $value.value).toBe('over')
    expect(look.mock.calls.length).toBeLessThan(1000)
  })

  test('has a hundred of its epochs remembered, while a write is under way', async () => {
    function* items() {
      for (let n = 0; n < 1000; n++) yield { epoch: `e${n}`, n, value: n }
    }
    const { connection } = await createPair(lying(items(), () => new Promise(() => {})))
    const replica = new Replica(connection, 'settings', () => {})
    const release = replica.hold()
    replica.writes.set(1).catch(() => {})
    await expect.poll(() => replica.confirmed?.n).toBe(999)
    expect(replica['past'].size).toBeGreaterThan(50)
    expect(replica['past'].size).toBeLessThanOrEqual(100)
    release()
  })

  test.each([
    ['no versions', [0]],
    ['versions without end', [{ epoch: 'e'.repeat(1_000_000), n: 1 }]],
    ['a fault that is none', [{ fault: 7 }]],
  ])('is not believed where it answers a write with %s', async (_, outcomes) => {
    const { set } = await follow([{ epoch: 'e', n: 0, value: {} }], () => outcomes)
    const error: ActionError = await set({}).then(
      () => null,
      (thrown) => thrown,
    )
    expect(error).toMatchObject({ name: 'NanopeerError', code: 'PROTOCOL' })
  })
})
