import type { StandardSchemaV1 } from '@standard-schema/spec'
import { atom, computed, map } from 'nanostores'
import { expectTypeOf, test } from 'vitest'
import { type Connection, createRemoteStore, type Peer, type StoreValue, share, store } from '../src'

declare const connection: Connection
declare const peer: Peer
declare const schema: StandardSchemaV1<Settings, Settings>
declare const transforming: StandardSchemaV1<string, number>

interface Settings {
  target: number
  mode: 'eco' | 'fast'
  note?: string
}

const settings = store<Settings>('settings')
const progress = store<number>('progress')
const $settings = map<Settings>({ target: 21, mode: 'eco' })

test('a contract has the type that it is given, or that of its schema', () => {
  expectTypeOf(store('settings', { schema })).toEqualTypeOf(settings)
  expectTypeOf<StoreValue<typeof progress>>().toEqualTypeOf<number>()
  // @ts-expect-error what a schema gives back is checked again
  store('number', { schema: transforming })
  // @ts-expect-error a store has a name
  store<number>()
})

test('a store is shared under a contract of its own type', () => {
  share(peer, settings, $settings)
  share(peer, settings, $settings, {})
  share(peer, settings, atom<Settings>({ target: 1, mode: 'eco' }), {
    write: ({ remote, now, next, keys }) => {
      expectTypeOf(now).toEqualTypeOf<Settings>()
      expectTypeOf(next).toEqualTypeOf<Settings>()
      expectTypeOf(keys).toEqualTypeOf<readonly (keyof Settings)[] | null>()
      return remote.authenticated
    },
  })
  share(
    peer,
    progress,
    computed($settings, ({ target }) => target),
  )
  // @ts-expect-error another type
  share(peer, progress, $settings)
  // @ts-expect-error a computed store cannot be set
  share(
    peer,
    progress,
    computed($settings, ({ target }) => target),
    { write: () => true },
  )
  // @ts-expect-error a write is allowed or not
  share(peer, settings, $settings, { write: () => 'yes' })
})

test('a remote store is read and written by its type', () => {
  const { $state, $value, set, setKey, update } = createRemoteStore(connection, settings)
  expectTypeOf($value.get()).toEqualTypeOf<Settings | undefined>()
  expectTypeOf($state.get().value).toEqualTypeOf<Settings | undefined>()
  set({ target: 1, mode: 'fast' })
  setKey('target', 22)
  setKey('note', undefined)
  update((now) => ({ ...now, target: now.target + 1 }))
  // @ts-expect-error a field is missing
  set({ target: 1 })
  // @ts-expect-error no such field
  setKey('aim', 1)
  // @ts-expect-error of another type
  setKey('target', 'warm')
  // @ts-expect-error the next state is missing
  update(() => {})
  // @ts-expect-error a number has no fields
  createRemoteStore(connection, progress).setKey('toFixed', 1)
  // @ts-expect-error it is set on the device, and not here
  $value.set(1)
})
