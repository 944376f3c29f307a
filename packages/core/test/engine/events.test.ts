import { atom } from 'nanostores'
import { expect, test } from 'vitest'
import { ActionError, action, createRemoteStore, type NanopeerEvent, share, store } from '../../src/index'
import { createWorld } from '../support/world'

const list = action<{ path: string }, string>('list')
const read = action.bytes<void>('read')

/** The events of one peer, as they come; `types` without what differs from run to run. */
const listener = () => {
  const events: NanopeerEvent[] = []
  const onEvent = (event: NanopeerEvent) => void events.push(event)
  return { events, onEvent, types: () => events.map(({ type }) => type) }
}

test('both sides hear of a dial, a link, a session, and a request from start to end', async () => {
  const { create, device, settled, clock } = createWorld({ delay: 10 })
  const there = listener()
  const here = listener()
  device('nas', { onEvent: there.onEvent }).handle(list, () => 'secret files')
  const connection = create('laptop', { onEvent: here.onEvent }).connect('nas')
  expect(await settled(connection.request(list, { path: '/secret' }))).toBe('secret files')
  await clock.advance(1)
  expect(here.types().sort()).toEqual(
    ['request-started', 'dial-started', 'link-up', 'session-began', 'request-ended'].sort(),
  )
  expect(there.types()).toEqual(['link-up', 'session-began', 'request-started', 'request-ended'])
  const ended = here.events.find(({ type }) => type === 'request-ended')
  expect(ended).toMatchObject({ remoteId: 'nas', direction: 'out', action: 'list', code: null })
  expect(there.events[0]).toMatchObject({ remoteId: 'laptop', link: 1, inbound: true })
  expect(JSON.stringify([here.events, there.events])).not.toContain('secret')
})

test('a link that is cut goes down, and its session is resumed', async () => {
  const { net, create, device, settled, clock, state } = createWorld()
  const { events, onEvent } = listener()
  device().handle(list, () => 'files')
  const connection = create('laptop', { onEvent }).connect('nas')
  await settled(connection.request(list, { path: '/' }))
  const release = connection.$status.listen(() => {})
  events.length = 0
  net.cut('laptop', 'nas')
  await clock.advance(3000)
  net.heal('laptop', 'nas')
  await clock.runUntil(() => state(connection) === 'open')
  await clock.advance(1)
  expect(events[0]).toMatchObject({ type: 'link-down', link: 1, code: 'CONNECTION_LOST' })
  expect(events.slice(-2)).toMatchObject([{ type: 'link-up', link: 2 }, { type: 'session-resumed' }])
  const resumed = events.at(-1)
  expect(resumed?.type === 'session-resumed' && resumed.duration).toBeGreaterThanOrEqual(3000)
  release()
})

test('a dial that fails says why, and after how long', async () => {
  const { create, clock } = createWorld({ delay: 20 })
  const { events, onEvent } = listener()
  const connection = create('laptop', { onEvent }).connect('nobody')
  const release = connection.$status.listen(() => {})
  await clock.runUntil(() => events.some(({ type }) => type === 'dial-failed'))
  expect(events.slice(0, 2)).toMatchObject([
    { type: 'dial-started', remoteId: 'nobody' },
    { type: 'dial-failed', code: 'PEER_UNAVAILABLE', duration: expect.any(Number) },
  ])
  release()
})

test('an error of a handler, and a stream that is cancelled, end with their codes on both sides', async () => {
  const { create, device, settled, clock } = createWorld()
  const there = listener()
  const here = listener()
  const nas = device('nas', { onEvent: there.onEvent })
  nas.handle(list, () => {
    throw new ActionError(404, 'No such folder')
  })
  nas.handle(read, () => new ReadableStream({ pull: (body) => body.enqueue(new Uint8Array(1000)) }))
  const connection = create('laptop', { onEvent: here.onEvent }).connect('nas')
  await expect(settled(connection.request(list, { path: '/' }))).rejects.toMatchObject({ code: 404 })
  const response = await settled(connection.request(read))
  const reader = (response.body as ReadableStream<Uint8Array>).getReader()
  await settled(reader.read())
  await settled(reader.cancel())
  await clock.advance(100)
  const codes = (events: readonly NanopeerEvent[]) =>
    events.flatMap((event) => (event.type === 'request-ended' ? [event.code] : []))
  expect(codes(here.events)).toEqual([404, 'ABORTED'])
  expect(codes(there.events)).toEqual([404, 'ABORTED'])
})

test('a device hears whom it refuses', async () => {
  const { create, device, settled } = createWorld()
  const { events, onEvent } = listener()
  device('nas', { onEvent, accept: ['tablet'] })
  const connection = create('laptop').connect('nas')
  await expect(settled(connection.request(list, { path: '/' }))).rejects.toMatchObject({ code: 'REFUSED' })
  expect(events).toEqual([{ type: 'refused', what: 'link', remoteId: 'laptop' }])
})

test('a device hears which limit a remote has reached', async () => {
  const { create, device, settled, clock } = createWorld()
  const { events, onEvent } = listener()
  device('nas', { onEvent, limits: { pendingRequests: 1 } }).handle(list, () => new Promise(() => {}))
  const connection = create('laptop').connect('nas')
  const first = connection.request(list, { path: '/a' })
  const second = connection.request(list, { path: '/b' })
  first.catch(() => {})
  await expect(settled(second)).rejects.toMatchObject({ code: 'OVERLOADED' })
  await clock.advance(1)
  expect(events).toContainEqual({ type: 'limit-hit', limit: 'pendingRequests', remoteId: 'laptop' })
})

test('a listener that throws is told of to onError, and breaks nothing', async () => {
  const { create, device, settled, clock } = createWorld()
  const thrown: unknown[] = []
  device().handle(list, () => 'files')
  const connection = create('laptop', {
    onEvent: () => {
      throw new Error('a bug of the app')
    },
    onError: (error) => thrown.push(error),
  }).connect('nas')
  expect(await settled(connection.request(list, { path: '/' }))).toBe('files')
  await clock.advance(1)
  expect(thrown.length).toBeGreaterThan(3)
  expect(thrown[0]).toMatchObject({ message: 'a bug of the app' })
})

test('a store is followed at a device that hears events as at any other, until the end of it is told', async () => {
  const { create, device, clock } = createWorld()
  const { events, onEvent } = listener()
  const nas = device('nas', { onEvent })
  const settings = store<{ target: number }>('settings')
  const $settings = atom({ target: 21 })
  share(nas, settings, $settings)
  const { $value } = createRemoteStore(create('laptop').connect('nas'), settings)
  const release = $value.listen(() => {})
  await clock.runUntil(() => $value.value?.target === 21)
  $settings.set({ target: 22 })
  await clock.runUntil(() => $value.value?.target === 22)
  release()
  await clock.runUntil(() => events.some(({ type }) => type === 'request-ended'))
  expect(events.find(({ type }) => type === 'request-ended')).toMatchObject({
    action: 'nanopeer:store',
    code: 'ABORTED',
  })
})
