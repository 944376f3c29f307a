import { atom, computed, map } from 'nanostores'
import { expect, test } from 'vitest'
import {
  ActionError,
  createRemoteStore,
  listStores,
  type MayWrite,
  type Peer,
  type RemoteStore,
  share,
  store,
} from '../../src/index'
import { createPair, turns } from '../support/pair'
import { createWorld } from '../support/world'

interface Settings {
  target: number
  mode: string
  note?: string | undefined
  list?: { text: string }[]
}

const settings = store<Settings>('settings')
const anyone: MayWrite<Settings> = () => true

const shared = (write: MayWrite<Settings> = anyone) => {
  const $settings = map<Settings>({ target: 21, mode: 'eco' })
  return { $settings, serve: (device: Peer) => void share(device, settings, $settings, { write }) }
}

const shown = async (write?: MayWrite<Settings>) => {
  const { $settings, serve } = shared(write)
  const pair = await createPair(serve)
  const remote = createRemoteStore(pair.connection, settings)
  const seen: unknown[] = []
  const leave = remote.$state.listen((state) => seen.push(state))
  await expect.poll(() => remote.$state.value.status).toBe('ready')
  return { ...pair, ...remote, $settings, serve, leave, seen }
}

test('a store that is only created or read follows nothing', async () => {
  const { $settings, serve } = shared()
  const { connection } = await createPair(serve)
  const { $state, $value } = createRemoteStore(connection, settings)
  const pending = { status: 'pending', value: undefined, error: null, isStale: false, isPending: false }
  expect($state.get()).toEqual(pending)
  expect($value.get()).toBe(undefined)
  await turns()
  expect($state.get()).toEqual(pending)
  expect($settings.get().target).toBe(21)
})

test('what the device sets is shown, and a field that has not changed stays the same object', async () => {
  const { $settings, $state } = await shown()
  expect($state.value).toEqual({
    status: 'ready',
    value: { target: 21, mode: 'eco' },
    error: null,
    isStale: false,
    isPending: false,
  })
  $settings.setKey('list', [{ text: 'one' }])
  await expect.poll(() => $state.value.value?.list).toEqual([{ text: 'one' }])
  const before = $state.value.value?.list
  $settings.setKey('target', 22)
  await expect.poll(() => $state.value.value?.target).toBe(22)
  expect($state.value.value?.list).toBe(before)
  $settings.setKey('list', undefined as never)
  await expect.poll(() => $state.value.value).toEqual({ target: 22, mode: 'eco' })
})

test('a store of any kind can be shared: atoms, computed ones, lists, and what changes its shape', async () => {
  const $any = atom<unknown>(1)
  const $double = computed($any, (value) => ({ value, list: [1] }))
  const [one, two] = [store('one'), store('two')]
  const { connection } = await createPair((device) => {
    share(device, one, $any)
    share(device, two, $double)
  })
  const [a, b] = [createRemoteStore(connection, one), createRemoteStore(connection, two)]
  a.$state.listen(() => {})
  b.$state.listen(() => {})
  for (const value of [1, [1, 2], { a: 1 }, null, undefined, 'text']) {
    $any.set(value)
    await expect.poll(() => [a.$state.value.status, a.$state.value.value]).toEqual(['ready', value])
    await expect
      .poll(() => b.$state.value.value)
      .toEqual({ ...(value !== undefined && { value }), list: [1] })
  }
})

test('writes of this side show at once, and are set on the device in their order', async () => {
  const { $settings, $state, $value, set, setKey, update, seen } = await shown()
  const all = [
    set({ target: 1, mode: 'a' }),
    setKey('target', 2),
    setKey('note', 'x'),
    update((now) => ({ ...now, target: now.target + 10 })),
    setKey('note', undefined),
  ]
  expect($state.value).toMatchObject({ value: { target: 12, mode: 'a' }, isPending: true })
  expect($value.value).toBe($state.value.value)
  await Promise.all(all)
  expect($settings.get()).toEqual({ target: 12, mode: 'a' })
  await expect.poll(() => $state.value.isPending).toBe(false)
  expect($state.value.value).toEqual({ target: 12, mode: 'a' })
  // Nothing flickers: answers and the stream travel apart.
  const targets = seen.map((state) => (state as { value?: Settings }).value?.target)
  expect(targets.slice(targets.lastIndexOf(2) + 1).every((target) => target === 12)).toBe(true)
})

test('writes wait for the first state, and need nobody who shows it', async () => {
  const { $settings, serve } = shared()
  const { connection } = await createPair(serve)
  const { set, setKey, update } = createRemoteStore(connection, settings)
  await Promise.all([
    update((now) => ({ ...now, target: now.target + 1 })),
    setKey('mode', 'fast'),
    update((now) => ({ ...now, target: now.target * 2 })),
  ])
  expect($settings.get()).toEqual({ target: 44, mode: 'fast' })
  await set({ target: 0, mode: 'off' })
  expect($settings.get()).toEqual({ target: 0, mode: 'off' })
})

test('a write that is refused vanishes, with the error, and others never see it', async () => {
  const asked: unknown[] = []
  const { $settings, $state, set, setKey } = await shown(async ({ remote, now, next, keys }) => {
    asked.push([remote.id, now.target, next.target, keys])
    return next.target < 100
  })
  const seen: number[] = []
  $settings.listen(({ target }) => seen.push(target))
  const refused = setKey('target', 500)
  const made = setKey('mode', 'fast')
  expect($state.value.value?.target).toBe(500)
  await expect(refused).rejects.toMatchObject({ code: 'REFUSED' })
  await made
  await expect
    .poll(() => $state.value)
    .toMatchObject({
      value: { target: 21, mode: 'fast' },
      error: { code: 'REFUSED' },
      isPending: false,
    })
  expect(asked).toEqual([
    ['laptop', 21, 500, ['target']],
    ['laptop', 21, 21, ['mode']],
  ])
  expect(seen).toEqual([21])
  await set({ target: 5, mode: 'fast' })
  expect(asked.at(-1)).toEqual(['laptop', 21, 5, ['target']])
  expect($state.value.error).toBe(null)
})

test('without `write` a store cannot be written', async () => {
  const $progress = atom(1)
  const progress = store<number>('progress')
  const { connection } = await createPair((device) => void share(device, progress, $progress))
  const { $state, set } = createRemoteStore(connection, progress)
  $state.listen(() => {})
  await expect(set(2)).rejects.toMatchObject({ code: 'REFUSED' })
  expect([$progress.get(), $state.value.value]).toEqual([1, 1])
})

test('what does not match the schema is refused by its path, and the schema sees the whole next state', async () => {
  const schema = {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: async (value: unknown) =>
        typeof (value as Settings).mode === 'string'
          ? { value: value as Settings }
          : { issues: [{ message: 'no', path: ['mode'] }] },
    },
  } as const
  const checked = store<Settings>('checked', { schema })
  const $settings = map<Settings>({ target: 21, mode: 'eco' })
  const { connection } = await createPair(
    (device) => void share(device, checked, $settings, { write: anyone }),
  )
  const { setKey, set } = createRemoteStore(connection, checked)
  await setKey('target', 3)
  await expect(setKey('mode', 7 as never)).rejects.toThrow(
    'input.mode does not match the schema of "checked"',
  )
  await expect(set([] as never)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  expect($settings.get()).toEqual({ target: 3, mode: 'eco' })
})

test('what `write` throws is not told, but for an ActionError', async () => {
  let error: Error = new RangeError('secret')
  const { set } = await shown(() => {
    throw error
  })
  await expect(set({ target: 1, mode: '' })).rejects.toMatchObject({ code: 'HANDLER_FAILED' })
  await expect(set({ target: 1, mode: '' })).rejects.not.toThrow('secret')
  error = new ActionError(423, 'Locked', { until: 5 })
  await expect(set({ target: 1, mode: '' })).rejects.toMatchObject({
    code: 423,
    message: 'Locked',
    data: { until: 5 },
  })
  // What cannot be told is left out: the writes beside it are settled none the less.
  for (const data of [undefined, () => {}]) {
    error = new ActionError(400, 'No', data)
    await expect(set({ target: 1, mode: '' })).rejects.toMatchObject({
      code: 400,
      message: 'No',
      data: undefined,
    })
  }
})

test('a `write` that never answers is given up after 10 s, and the store can be written again', async () => {
  const { device, create, settled } = createWorld()
  const $settings = map<Settings>({ target: 21, mode: 'eco' })
  const errors: unknown[] = []
  const nas = device('nas', { onError: (error) => errors.push(error) })
  const verdicts: ReturnType<MayWrite>[] = [new Promise(() => {}), true]
  share(nas, settings, $settings, { write: () => verdicts.shift() ?? false })
  const remote = createRemoteStore(create('laptop').connect('nas'), settings)
  await expect(settled(remote.setKey('target', 1))).rejects.toMatchObject({ code: 'HANDLER_FAILED' })
  expect(errors).toEqual([expect.objectContaining({ code: 'TIMEOUT' })])
  await settled(remote.setKey('target', 2))
  expect($settings.get().target).toBe(2)
})

test('a write is considered again where the store has changed while it was', async () => {
  let tries = 0
  const { $settings, setKey } = await shown(async () => {
    if (tries++ < 2) $settings.setKey('target', 100 + tries)
    await turns(1)
    return true
  })
  await setKey('mode', 'fast')
  expect([tries, $settings.get()]).toEqual([3, { target: 102, mode: 'fast' }])
})

test('an update is made again of the newer state, five times, and is then a CONFLICT', async () => {
  let changes = 0
  let limit = 3
  const { $settings, $state, update } = await shown(async () => {
    if (changes < limit) $settings.setKey('target', 100 + ++changes)
    return true
  })
  await update((now) => ({ ...now, target: now.target + 1000 }))
  expect($settings.get().target).toBe(1103)
  limit = 100
  await expect(update((now) => ({ ...now, mode: 'never' }))).rejects.toMatchObject({ code: 'CONFLICT' })
  await expect.poll(() => $state.value.value?.mode).toBe('eco')
  expect(changes).toBe(8)
})

test('what an update throws rejects it, and the writes behind it go on', async () => {
  const { $settings, $state, update, setKey } = await shown()
  const broken = update(() => {
    throw new RangeError('broken')
  })
  const made = setKey('target', 7)
  await expect(broken).rejects.toThrow('broken')
  await made
  expect([$settings.get().target, $state.value.value?.target]).toEqual([7, 7])
})

test('what cannot be sent rejects by its path, and is an error of the state', async () => {
  const { $state, setKey } = await shown()
  await expect(setKey('note', (() => {}) as never)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  let reads = 0
  const parts: unknown[] = []
  const whole = {
    get size() {
      // Whoever walks all its ways never comes to an end.
      if (++reads > 1000) throw new Error('read without an end')
      return 1
    },
    parts,
  }
  parts.push({ whole }, { whole })
  await expect(setKey('note', whole as never)).rejects.toMatchObject({
    message: expect.stringContaining('contains itself'),
  })
  expect($state.value).toMatchObject({
    error: { code: 'INVALID_INPUT' },
    isPending: false,
    value: { target: 21 },
  })
})

test('a device that shares no such store is an error, which ends when it does', async () => {
  const other = store<number>('other')
  const pair = await createPair((device) => void share(device, other, atom(1)))
  const { $state, set } = createRemoteStore(pair.connection, settings)
  $state.listen(() => {})
  await expect.poll(() => $state.value).toMatchObject({ status: 'error', error: { code: 'UNKNOWN_ACTION' } })
  await expect(set({ target: 1, mode: '' })).rejects.toMatchObject({ code: 'UNKNOWN_ACTION' })
  const unshare = share(pair.device, settings, map<Settings>({ target: 1, mode: 'a' }))
  await expect
    .poll(() => $state.value)
    .toMatchObject({ status: 'ready', value: { target: 1 }, isStale: false })
  unshare()
  await expect
    .poll(() => $state.value)
    .toMatchObject({ status: 'error', value: { target: 1 }, isStale: true })
  share(pair.device, settings, map<Settings>({ target: 2, mode: 'a' }))
  await expect
    .poll(() => $state.value)
    .toMatchObject({ status: 'ready', value: { target: 2 }, isStale: false })
})

test('a device that shares its first store late is asked again', async () => {
  const { create, device, clock } = createWorld()
  const nas = device()
  const { $state } = createRemoteStore(create('laptop').connect('nas'), settings)
  $state.listen(() => {})
  await clock.runUntil(() => $state.value.error?.code === 'UNKNOWN_ACTION')
  share(nas, settings, map<Settings>({ target: 1, mode: 'a' }))
  await clock.runUntil(() => $state.value.status === 'ready', 6000)
})

test('of two stores under one name the later counts, and once undone the one before it', async () => {
  const pair = await shown()
  const unshare = share(pair.device, settings, map<Settings>({ target: 1, mode: 'later' }))
  await expect.poll(() => pair.$state.value.value?.mode).toBe('later')
  unshare()
  unshare()
  await expect.poll(() => pair.$state.value.value?.mode).toBe('eco')
})

test('a link that is cut leaves the state stale, and the next one brings the latest', async () => {
  const { net, $settings, $state, seen } = await shown()
  net.cut('nas', 'laptop')
  await expect.poll(() => $state.value.isStale).toBe(true)
  for (let target = 1; target <= 50; target++) $settings.setKey('target', target)
  await turns()
  expect($state.value).toMatchObject({ status: 'ready', value: { target: 21 } })
  seen.length = 0
  net.heal('nas', 'laptop')
  await expect.poll(() => $state.value).toMatchObject({ value: { target: 50 }, isStale: false })
  expect(
    seen
      .map((state) => (state as { value: Settings }).value.target)
      .filter((target) => target > 21 && target < 50),
  ).toEqual([])
})

test('a listener that takes its time is given the newest state, and not every one that has arrived meanwhile', async () => {
  const { create, device, clock } = createWorld()
  const $count = atom(0)
  const count = store<number>('count')
  share(device(), count, $count)
  const { $value } = createRemoteStore(create('laptop').connect('nas'), count)
  const seen: unknown[] = []
  $value.listen((value) => seen.push(value))
  await clock.runUntil(() => $value.value === 0)
  await clock.advance(100)
  for (let value = 1; value <= 10; value++) {
    $count.set(value)
    await clock.advance(1)
    // Whoever reads it reads the newest.
    expect($value.value).toBe(value)
  }
  await clock.advance(100)
  expect(seen).toEqual([0, 1, 10])
})

test('a link that is silent leaves the state stale, and is found so before it is lost', async () => {
  const { create, device, clock, net } = createWorld()
  const $count = atom(0)
  const count = store<number>('count')
  share(device(), count, $count)
  const connection = create('laptop').connect('nas')
  const { $state } = createRemoteStore(connection, count)
  $state.listen(() => {})
  await clock.runUntil(() => $state.value.value === 0)
  net.cut('nas', 'laptop', { silent: true })
  $count.set(1)
  await clock.runUntil(() => $state.value.isStale, 10_000)
  expect([connection.$status.value?.state, $state.value.value]).toEqual(['unstable', 0])
  net.heal('nas', 'laptop')
  await clock.runUntil(() => $state.value.value === 1 && !$state.value.isStale, 60_000)
})

test('a device that restarts is followed anew: its old state is stale until then, and a write under way is lost', async () => {
  const { restart, $state, seen, set } = await shown(() => new Promise(() => {}))
  const lost = set({ target: 9, mode: '' })
  await turns()
  const next = shared()
  next.$settings.setKey('target', 77)
  seen.length = 0
  await restart(next.serve)
  await expect(lost).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
  await expect.poll(() => $state.value).toMatchObject({ value: { target: 77 }, isStale: false })
  const between = seen.map((state) => {
    const { value, isStale } = state as { value: Settings; isStale: boolean }
    return `${value.target} ${isStale}`
  })
  expect(between).toContain('21 true')
  expect(between).not.toContain('77 true')
})

test('all who show one store of one connection share a stream, which ends 1 s after the last has left', async () => {
  const { create, device, clock } = createWorld()
  share(device(), settings, map<Settings>({ target: 21, mode: 'eco' }))
  const connection = create('laptop').connect('nas')
  const { $state } = createRemoteStore(connection, settings)
  const leave = $state.listen(() => {})
  await clock.runUntil(() => $state.value.status === 'ready')
  const other = createRemoteStore(connection, settings)
  const leaveOther = other.$value.listen(() => {})
  expect(other.$value.value).toBe($state.value.value)
  expect(connection.$requests.get()).toHaveLength(1)
  leave()
  leaveOther()
  await clock.advance(900)
  expect(connection.$requests.get()).toHaveLength(1)
  await clock.advance(200)
  expect(connection.$requests.get()).toHaveLength(0)
  expect(other.$state.get()).toMatchObject({ value: { target: 21 }, isStale: true })
})

test('permission is each remote’s: what one may write, another may not', async () => {
  const { $settings, serve } = shared(({ remote, keys }) => remote.id === 'laptop' || keys?.join() === 'note')
  const pair = await createPair(serve)
  const [mine, guest] = [pair.connection, pair.join('guest').connection].map((connection) =>
    createRemoteStore(connection, settings),
  ) as [RemoteStore<Settings>, RemoteStore<Settings>]
  const seen: unknown[] = []
  mine.$value.listen((value) => seen.push(value?.target))
  await mine.setKey('target', 1)
  await guest.setKey('note', 'hello')
  await expect(guest.setKey('target', 2)).rejects.toMatchObject({ code: 'REFUSED' })
  await expect(guest.set({ target: 3, mode: 'eco', note: 'hello' })).rejects.toMatchObject({
    code: 'REFUSED',
  })
  expect($settings.get()).toEqual({ target: 1, mode: 'eco', note: 'hello' })
  await expect.poll(() => mine.$value.value).toEqual($settings.get())
  expect(seen).not.toContain(2)
  expect(seen).not.toContain(3)
})

test('a schema that puts a value right is what is set, and what whoever wrote it sees', async () => {
  const schema = {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value: unknown) => ({
        value: { ...(value as Settings), mode: (value as Settings).mode.trim() },
      }),
    },
  } as const
  const trimmed = store<Settings>('trimmed', { schema })
  const asked: unknown[] = []
  const write: MayWrite<Settings> = ({ next, keys }) => asked.push([next.mode, keys]) > 0
  const $settings = map<Settings>({ target: 21, mode: 'eco' })
  const { connection } = await createPair((device) => void share(device, trimmed, $settings, { write }))
  const { $value, setKey } = createRemoteStore(connection, trimmed)
  $value.listen(() => {})
  await setKey('mode', ' fast ')
  await expect.poll(() => $value.value?.mode).toBe('fast')
  // It says what the store said already: there is nothing to set.
  await setKey('mode', 'fast ')
  expect(asked).toEqual([
    ['fast', ['mode']],
    ['fast', []],
  ])
})

test('a device lists what it shares', async () => {
  const { connection } = await createPair((device) => {
    share(device, settings, map<Settings>({ target: 1, mode: '' }), { write: anyone })
    share(device, store<number>('other'), atom(1))
  })
  expect(await connection.request(listStores)).toEqual([
    { name: 'settings', isWritable: true },
    { name: 'other', isWritable: false },
  ])
})

test('who is not served is told of no store, and learns no name of one', async () => {
  const { create, device, settled } = createWorld()
  const nas = device('nas', { accept: () => false })
  share(nas, settings, map<Settings>({ target: 1, mode: '' }), { write: anyone })
  const stranger = create('stranger').connect('nas')
  const { $state, set } = createRemoteStore(stranger, settings)
  $state.listen(() => {})
  await expect(settled(stranger.request(listStores))).rejects.toMatchObject({ code: 'REFUSED' })
  await expect(settled(set({ target: 9, mode: '' }))).rejects.toMatchObject({ code: 'REFUSED' })
  expect($state.value).toMatchObject({ status: 'error', value: undefined, error: { code: 'REFUSED' } })
})

test('nobody answers to a name of nanopeer', async () => {
  const { laptop } = await createPair(() => {})
  expect(() => laptop.handle('nanopeer:store', () => 1)).toThrow("nanopeer's own")
  expect(() => laptop.handle(listStores, () => [])).toThrow("nanopeer's own")
})

test('a value that has no fields of its own, such as a date, is followed, too', async () => {
  const since = store<Date>('since')
  const $since = atom(new Date(0))
  const { connection } = await createPair((device) => void share(device, since, $since))
  const { $value } = createRemoteStore(connection, since)
  $value.listen(() => {})
  await expect.poll(() => $value.value).toEqual(new Date(0))
  $since.set(new Date(1000))
  await expect.poll(() => $value.value).toEqual(new Date(1000))
})
