import type { Connection } from '../base/types'
import { connectionControllerOf } from '../connection/controller'
import { derive, type View } from '../derive'
import type { StoreContract } from './contract'
import { pendingStore, type RemoteStoreState, Replica } from './replica'

/** A state of plain fields, which change by themselves. */
type FieldOf<Value> = Value extends readonly unknown[] ? never : keyof Value & string

/** What changes a device's store. The functions are bound; what they give is settled by the device, and may be ignored. */
export interface RemoteStoreWrites<Value = unknown> {
  /**
   * Replaces the whole state, whatever it is by then. Resolves when the device has set it.
   *
   * @throws `NanopeerError`, as a rejection: `REFUSED` where it may not be written, `INVALID_INPUT` where it does not match
   *   the device's schema, `CONNECTION_LOST` where the session ended meanwhile: it may have been set, and the next state tells.
   */
  set(this: void, next: Value): Promise<void>
  /** Sets one field, whatever it is by then; undefined removes it. As {@link RemoteStoreWrites.set}. */
  setKey<Key extends FieldOf<Value>>(this: void, key: Key, value: Value[Key]): Promise<void>
  /**
   * Makes the next state of the device's present one, and again where that has changed meanwhile: five times, then it
   * rejects with `CONFLICT`. Otherwise as {@link RemoteStoreWrites.set}.
   *
   * @param change may be called any number of times, and changes nothing of what it is given
   */
  update(this: void, change: (now: Value) => Value): Promise<void>
}

/** The store behind `useRemoteStore`. */
export interface RemoteStore<Value = unknown> extends RemoteStoreWrites<Value> {
  /** Followed while it has listeners, and for 1 s more. Reading it follows nothing. */
  readonly $state: View<RemoteStoreState<Value>>
  /** The value alone, for `computed()`; held the same way. */
  readonly $value: View<Value | undefined>
}

const replicas = new WeakMap<Connection, Map<string, Replica>>()

/**
 * Creates a store that holds here what a device's store holds, and may set it there. What is shown is the device's latest
 * state, not every one between; own writes show at once, and vanish again where the device refuses them. All who show one
 * store of one connection share one stream of it. A device that is away or restarts leaves its last state, marked as stale.
 *
 * @example
 * const { $value, setKey } = createRemoteStore(nas, settings)
 * const stop = $value.subscribe((value) => render(value))
 * await setKey('target', 22)
 */
export function createRemoteStore<Value>(
  connection: Connection,
  contract: StoreContract<Value>,
): RemoteStore<Value> {
  const { now, hold, ...writes } = observeRemoteStore<Value>(connection, contract)
  const first = now()
  return {
    $state: derive(first, now, hold),
    $value: derive(first.value, () => now().value, hold),
    ...writes,
  }
}

/** What one of those who show a remote store sees of it. */
export interface RemoteStoreObserver<Value> extends RemoteStoreWrites<Value> {
  now(): RemoteStoreState<Value>
  /** Follows; returns the undo. */
  hold(changed: () => void): () => void
}

/** The store as one of those sees it who show it. */
export function observeRemoteStore<Value>(
  connection: Connection,
  { name }: StoreContract<Value>,
): RemoteStoreObserver<Value> {
  // One of another copy of nanopeer is refused here, where whoever gave it hears of it.
  connectionControllerOf(connection)
  const ofConnection = replicas.get(connection) ?? new Map<string, Replica>()
  replicas.set(connection, ofConnection)
  let own: Replica | null = null
  /** The one that all share now; who comes back to an empty place brings along what was shown last. */
  const join = (): Replica => {
    const made =
      ofConnection.get(name) ?? own ?? new Replica(connection, name, () => ofConnection.delete(name))
    ofConnection.set(name, made)
    own = made
    return made
  }
  return {
    now: () => ((ofConnection.get(name) ?? own)?.state ?? pendingStore) as RemoteStoreState<Value>,
    hold: (changed) => join().hold(changed, false),
    set: (next) => settled(join().writes.set(next)),
    setKey: (key, value) => settled(join().writes.setKey(key, value)),
    update: (change) => settled(join().writes.update(change as (now: unknown) => unknown)),
  }
}

/** The state tells of a failure; without this every handler of a click would have to catch it as well. */
const settled = (writing: Promise<void>): Promise<void> => {
  writing.catch(() => {})
  return writing
}
