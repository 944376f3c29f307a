import { atom, type ReadableAtom } from 'nanostores'

/** Stands in for a store that is not there yet. */
const noStore: ReadableAtom<undefined> = /* @__PURE__ */ atom(undefined)

/** What `useStore` is called with: a store, or null for "not yet". */
export type StoreArgument<Value> = ReadableAtom<Value> | null | undefined

/** The store, or one that says undefined for ever. */
export const storeOrNone = <Value>($store: StoreArgument<Value>): ReadableAtom<Value | undefined> =>
  $store ?? noStore

/**
 * What a store says now, for a render. A computed store knows nothing before it is listened to, and is asked; any other
 * is looked at, because `get()` would start what it stands for.
 */
export const currentValue = <Value>($store: ReadableAtom<Value>): Value =>
  $store.lc > 0 || $store.init !== undefined ? ($store.value as Value) : $store.get()

/** What a store says on a server, and in the first client render. */
export const initialValue = <Value>($store: ReadableAtom<Value>): Value => $store.init ?? $store.get()
