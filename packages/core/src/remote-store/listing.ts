import { define, type ValueAction } from '../base/action'

/** One of the stores that a device shares. */
export interface SharedStoreEntry {
  readonly name: string
  /** Whether the device considers writes at all. */
  readonly isWritable: boolean
}

/**
 * Asks a device which stores it shares, as devtools do. `UNKNOWN_ACTION`: it has never shared any.
 *
 * @example
 * const stores = await connection.request(listStores)
 */
export const listStores = /* @__PURE__ */ define('value')('nanopeer:stores') as unknown as ValueAction<
  void,
  readonly SharedStoreEntry[],
  void,
  readonly SharedStoreEntry[]
>
