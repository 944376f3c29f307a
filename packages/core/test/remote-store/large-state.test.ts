import { atom, map } from 'nanostores'
import { expect, test, vi } from 'vitest'
import { createPeer, createRemoteStore, share, store } from '../../src/index'
import { SharedStore } from '../../src/remote-store/shared-store'
import { followAction } from '../../src/remote-store/wire'
import { createTestNetwork } from '../../testing/index'
import { createPair } from '../support/pair'
import { unsentItems } from '../support/resource-usage'

const large = store<Record<string, unknown>>('large')

test('of a large store a changed field travels alone, and one that is too large says so to who follows', async () => {
  const $large = map<Record<string, unknown>>({ a: 'x'.repeat(5_000_000), b: 1 })
  const { connection } = await createPair((device) => void share(device, large, $large))
  const { $state } = createRemoteStore(connection, large)
  $state.listen(() => {})
  connection.$stats.listen(() => {})
  await expect.poll(() => $state.value.status).toBe('ready')
  $large.setKey('b', 2)
  await expect.poll(() => $state.value.value?.b).toBe(2)
  await expect.poll(() => connection.$stats.value?.received).toBeGreaterThan(5_000_000)
  expect(connection.$stats.value?.received).toBeLessThan(5_100_000)
  $large.setKey('c', 'y'.repeat(17_000_000))
  await expect
    .poll(() => $state.value)
    .toMatchObject({ status: 'error', error: { code: 'TOO_LARGE' }, isStale: true, value: { b: 2 } })
  $large.setKey('c', undefined)
  await expect.poll(() => $state.value).toMatchObject({ status: 'ready', value: { b: 2 }, isStale: false })
})

test('a store that has become too large by small changes says so, to who follows as to who comes', async () => {
  const $large = map<Record<string, unknown>>({ a: 'x'.repeat(12_000_000) })
  const { connection, errors } = await createPair((device) => void share(device, large, $large))
  const { $state } = createRemoteStore(connection, large)
  $state.listen(() => {})
  await expect.poll(() => $state.value.status).toBe('ready')
  // What is told is more than may be told at once; what the store holds is not.
  for (const text of ['b', 'c']) {
    $large.setKey('b', text.repeat(3_000_000))
    await expect.poll(() => $state.value.value?.b).toBe($large.get().b)
  }
  expect(errors).toEqual([])
  $large.setKey('d', 'd'.repeat(3_000_000))
  await expect.poll(() => $state.value).toMatchObject({ error: { code: 'TOO_LARGE' }, isStale: true })
  expect(errors).toMatchObject([{ code: 'TOO_LARGE' }])
  $large.setKey('b', undefined)
  await expect.poll(() => $state.value).toMatchObject({ status: 'ready', error: null, isStale: false })
})

test('whoever reads nothing has a window of one state, is owed one more, and holds up nobody', async () => {
  const $large = map<Record<string, unknown>>({ text: '', n: 0 })
  const pair = await createPair((device) => void share(device, large, $large))
  const { $state } = createRemoteStore(pair.connection, large)
  $state.listen(() => {})
  await expect.poll(() => $state.value.status).toBe('ready')
  const idle = (await pair.connection.request(followAction, large.name))[Symbol.asyncIterator]()
  await idle.next()
  for (let n = 1; n <= 30; n++) {
    $large.set({ text: String(n % 10).repeat(300_000), n })
    await expect.poll(() => $state.value.value?.n).toBe(n)
    expect(Math.max(...unsentItems(pair.device))).toBeLessThanOrEqual(1)
  }
  // Its window, 256 KiB, is full with the first. What is read then is the state of now, and none of those between.
  const read: unknown[] = []
  while (read.at(-1) !== 30) read.push(((await idle.next()).value as { n: number }).n)
  expect(read.length).toBeLessThan(4)
})

test('a change is encoded once, however many follow', async () => {
  const $large = map<Record<string, unknown>>({ a: 'x'.repeat(5_000_000), n: 0 })
  const pair = await createPair((device) => void share(device, large, $large))
  const remotes = Array.from({ length: 3 }, (_, index) => pair.join(`reader ${index}`))
  const states = remotes.map(({ connection }) => createRemoteStore(connection, large).$state)
  for (const $state of states) $state.listen(() => {})
  await expect.poll(() => states.map(($state) => $state.value.status)).toEqual(['ready', 'ready', 'ready'])
  const encode = vi.spyOn(SharedStore.prototype as unknown as { encode(): unknown }, 'encode')
  $large.setKey('n', 1)
  await expect.poll(() => states.map(($state) => $state.value.value?.n)).toEqual([1, 1, 1])
  expect(encode).toHaveBeenCalledTimes(1)
  encode.mockRestore()
})

test('the device hears at once that what it shares cannot be sent', async () => {
  const reported: unknown[] = []
  const { transport } = createTestNetwork()
  const peer = createPeer('nas', { transport, accept: 'anyone', onError: (error) => reported.push(error) })
  share(peer, store('text'), atom('x'.repeat(17_000_000)))
  share(
    peer,
    store('function'),
    atom(() => {}),
  )
  expect(reported).toMatchObject([{ code: 'TOO_LARGE' }, { code: 'INVALID_OUTPUT' }])
  await peer.destroy()
})
