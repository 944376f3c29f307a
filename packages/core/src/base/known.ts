import { NanopeerError } from './errors'
import { isKey, nobody } from './identity'

/** A remote, and the key that it is known by. */
export interface KnownRemote {
  readonly id: string
  readonly key: string
}

type Awaitable<Value> = Value | Promise<Value>

/**
 * Which key belongs to which id: what this device has learned on its first dial to a remote, or by pairing. `localKnown()`
 * keeps it for a page, `fileKnown()` of `@nanopeer/node` in a file; any object with these four will do.
 */
export interface Known {
  get(id: string): Awaitable<string | undefined>
  set(id: string, key: string): Awaitable<void>
  delete(id: string): Awaitable<void>
  /** Those that are known. What `peer.revoke()` has written is not among them. */
  list(): Awaitable<readonly KnownRemote[]>
}

/**
 * What {@link Known} keeps, as text: a JSON object of keys by id.
 *
 * @throws `NanopeerError` `INVALID_INPUT` for anything else: a remote whose key was lost must not be taken for a new one.
 */
export const parseKnown = (text: string, where: string): Map<string, string> => {
  let entries: [string, unknown][] = []
  try {
    entries = Object.entries(JSON.parse(text) as object)
  } catch {
    throw damaged(where)
  }
  if (!entries.every(([, key]) => isKey(key))) throw damaged(where)
  return new Map(entries as [string, string][])
}

export const stringifyKnown = (keys: ReadonlyMap<string, string>): string =>
  JSON.stringify(Object.fromEntries(keys))

export const listKnown = (keys: ReadonlyMap<string, string>): readonly KnownRemote[] =>
  [...keys].filter(([, key]) => key !== nobody).map(([id, key]) => ({ id, key }))

/** @throws `NanopeerError` `INVALID_INPUT` for what is no key, and for another one than an id that is a key. */
export const checkKey = (key: unknown, id?: string | null): void => {
  if (isKey(key) && (id === key || !isKey(id))) return
  throw new NanopeerError(
    'INVALID_INPUT',
    `${JSON.stringify(key)} is not this remote's key: give the \`key\` of its identity, 52 letters and digits.`,
  )
}

const damaged = (where: string) =>
  new NanopeerError(
    'INVALID_INPUT',
    `What is in ${where} is not a list of known remotes. Restore it, or delete it to learn their keys anew.`,
  )
