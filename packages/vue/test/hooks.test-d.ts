import {
  type Action,
  action,
  type Connection,
  type MediaAction,
  type Peer,
  type RequestError,
  type SettableStore,
  skip,
  store,
} from '@nanopeer/core'
import type { ReadableAtom } from '@nanopeer/core/adapter'
import { expectTypeOf, test } from 'vitest'
import {
  useAction,
  useConnection,
  useHandler,
  useMedia,
  usePeer,
  useRemoteStore,
  useRequest,
  useShare,
  useSubscription,
} from '../src'

declare const connection: Connection | null
declare const peer: Peer | null
declare const path: string | undefined
declare const either: Action<{ path: string }, string, 'value' | 'bytes'>

const list = action<{ path: string }, { name: string }[]>('list')
const now = action<void, number>('now')
const read = action.bytes<{ path: string }>('read')
const tail = action.events<{ lines: number }, string>('tail')

test('an id that may not be there yet is taken as it is', () => {
  const laptop = usePeer(path)
  const nas = useConnection(laptop.peer, 'nas')
  expectTypeOf(nas.connection.value).toEqualTypeOf<Connection | null>()
  useConnection(connection)
  usePeer(() => () => 'made at mount')
  // @ts-expect-error an id is a string
  usePeer(7)
  // @ts-expect-error a connection is not reached by an id alone
  useConnection('nas')
})

test('useRequest takes actions that answer with a value, and their input', () => {
  const files = useRequest(connection, list, { path: '/' })
  expectTypeOf(files.data.value).toEqualTypeOf<{ name: string }[] | undefined>()
  expectTypeOf(files.error.value).toEqualTypeOf<RequestError | null>()
  useRequest(connection, now)
  useRequest(connection, list, path === undefined ? skip : { path }, { keepPrevious: true })
  useRequest(connection, 'untyped', { anything: true })
  // @ts-expect-error the input is missing
  useRequest(connection, list)
  // @ts-expect-error the input is another one
  useRequest(connection, list, { folder: '/' })
  // @ts-expect-error null is not "not yet" for an input
  useRequest(connection, list, null)
  // @ts-expect-error bytes go through useAction
  useRequest(connection, read, { path: '/' })
  // @ts-expect-error events go through useSubscription
  useRequest(connection, tail, { lines: 10 })
  // @ts-expect-error this may turn out to be bytes
  useRequest(connection, either, { path: '/' })
})

test('useSubscription takes actions that answer with events', () => {
  const log = useSubscription(connection, tail, { lines: 10 })
  expectTypeOf(log.data.value).toEqualTypeOf<string | undefined>()
  const lines = useSubscription(
    connection,
    tail,
    { lines: 10 },
    {
      reduce: (all: string[] = [], line) => [...all, line],
    },
  )
  expectTypeOf(lines.data.value).toEqualTypeOf<string[] | undefined>()
  useSubscription(connection, tail, skip)
  // @ts-expect-error one value is no series
  useSubscription(connection, list, { path: '/' })
  // @ts-expect-error bytes are no series
  useSubscription(connection, read, { path: '/' })
})

test('useAction takes every kind, and run takes its input', () => {
  const { run } = useAction(connection, list)
  expectTypeOf(run({ path: '/' })).resolves.toEqualTypeOf<{ name: string }[]>()
  expectTypeOf(useAction(connection, read).run({ path: '/' })).resolves.toEqualTypeOf<Response>()
  expectTypeOf(useAction(connection, tail).run({ lines: 1 })).resolves.toEqualTypeOf<AsyncIterable<string>>()
  useAction(connection, now).run()
  // @ts-expect-error the input is missing
  run()
  // @ts-expect-error the input is another one
  run({ folder: '/' })
  // @ts-expect-error a body is bytes
  run({ path: '/' }, { body: 'text' })
})

test('useHandler takes what answers its action', () => {
  useHandler(peer, list, ({ path }, { signal }) => (signal.aborted ? [] : [{ name: path }]))
  useHandler(peer, read, () => new Blob())
  useHandler(peer, tail, async function* ({ lines }) {
    yield `${lines}`
  })
  // @ts-expect-error a list is not a number
  useHandler(peer, list, () => 7)
  // @ts-expect-error there is no such input
  useHandler(peer, list, ({ folder }) => [{ name: folder }])
})

interface Settings {
  target: number
}

const settings = store<Settings>('settings')

declare const $settings: SettableStore<Settings>
declare const $computed: ReadableAtom<Settings>
declare const $number: SettableStore<number>

test('useRemoteStore has the type of its contract', () => {
  const remote = useRemoteStore(() => connection, settings)
  expectTypeOf(remote.value.value).toEqualTypeOf<Settings | undefined>()
  remote.value.value = { target: 1 }
  // @ts-expect-error of another type
  remote.value.value = 7
  // @ts-expect-error the device says so, and nobody else
  remote.isStale.value = true
  remote.setKey('target', 2)
  // @ts-expect-error no such field
  remote.setKey('aim', 2)
  // @ts-expect-error of another type
  remote.set({ target: 'warm' })
  // @ts-expect-error a store is named by its contract
  useRemoteStore(() => connection, 'settings')
})

test('useShare takes a store of its contract, which can be set where writes are considered', () => {
  useShare(() => peer, settings, $settings)
  useShare(() => peer, settings, $computed)
  useShare(() => peer, settings, $settings, {
    write: ({ remote, next }) => remote.authenticated && next.target < 30,
  })
  // @ts-expect-error it cannot be set
  useShare(() => peer, settings, $computed, { write: () => true })
  // @ts-expect-error of another type
  useShare(() => peer, settings, $number)
})

test('useMedia watches media actions, and nothing else runs them', () => {
  const media = useMedia(connection, watch, { facing: 'user' })
  expectTypeOf(media.stream.value).toEqualTypeOf<MediaStream | null>()
  useMedia(connection, watch, skip)
  // @ts-expect-error no such camera
  useMedia(connection, watch, { facing: 'up' })
  // @ts-expect-error it answers with a value
  useMedia(connection, list, { path: '/' })
  // @ts-expect-error a camera has no end to run to
  useAction(connection, watch)
  // @ts-expect-error a camera is no value
  useRequest(connection, watch, { facing: 'user' })
})

declare const watch: MediaAction<{ facing: 'user' | 'environment' }>
