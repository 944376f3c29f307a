import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { ReadableAtom } from 'nanostores'
import type { Peer } from '../base/types'
import type { StoreContract } from './contract'
import type { MayWrite, SettableStore } from './shared-store'
import { Sharing } from './sharing'

/** How a store is shared. */
export interface ShareOptions<Value = unknown> {
  /**
   * Whether a write of somebody else may be made; may be async, for 10 s, and is asked again where the store changes meanwhile.
   * @default no write may: they are `REFUSED`
   */
  readonly write?: MayWrite<Value> | undefined
}

/** A store to share, and how: one of which others may write can be set. */
export type StoreAndOptions<Value> =
  | readonly [
      $store: SettableStore<Value>,
      options: ShareOptions<Value> & { readonly write: MayWrite<Value> },
    ]
  | readonly [$store: ReadableAtom<Value>, options?: { readonly write?: undefined } | undefined]

/**
 * Shares a nanostores store with everybody whom the peer's `accept` serves: they show it by `createRemoteStore`. It is
 * listened to while it is shared. Of two under one name the later counts, and once undone the one before it.
 *
 * A change must make a new value, as `map.setKey` does; of an object the fields that are others travel. What cannot be sent
 * goes to the peer's `onError`, and those who follow see `TOO_LARGE` or `INVALID_OUTPUT`.
 *
 * @returns the undo.
 * @example
 * const $settings = map<StoreValue<typeof settings>>({ target: 21, mode: 'eco' })
 * share(peer, settings, $settings, { write: ({ remote }) => remote.authenticated })
 */
export function share<Value>(
  peer: Peer,
  contract: StoreContract<Value>,
  $store: SettableStore<NoInfer<Value>>,
  options: ShareOptions<NoInfer<Value>> & { readonly write: MayWrite<NoInfer<Value>> },
): () => void
export function share<Value>(
  peer: Peer,
  contract: StoreContract<Value>,
  $store: ReadableAtom<NoInfer<Value>>,
  options?: { readonly write?: undefined },
): () => void
export function share(
  peer: Peer,
  { name, schema }: { readonly name: string; readonly schema?: unknown },
  $store: object,
  { write }: { readonly write?: unknown } = {},
): () => void {
  return Sharing.of(peer).add(
    name,
    schema as StandardSchemaV1 | undefined,
    // Set only where `write` is given, and then it can be.
    $store as SettableStore<unknown>,
    write as MayWrite | undefined,
  )
}
