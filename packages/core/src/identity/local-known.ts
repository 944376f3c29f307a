import { NanopeerError } from '../base/errors'
import { checkKey, type Known, listKnown, parseKnown, stringifyKnown } from '../base/known'

/**
 * The remotes that this origin knows, in `localStorage`: all its tabs share them. Nothing is touched before it is asked.
 *
 * Its functions throw `UNSUPPORTED` where the page may not store anything (more), `INVALID_INPUT` for what is no key and where
 * somebody else has written under its name.
 *
 * @param name under which they lie
 * @example
 * const { peer } = usePeer(tabId, { known: localKnown() })
 */
export const localKnown = (name = 'nanopeer:known'): Known => {
  const read = () => parseKnown(storage().getItem(name) ?? '{}', `localStorage under ${JSON.stringify(name)}`)
  const change = (act: (keys: Map<string, string>) => void) => {
    const store = storage()
    const keys = read()
    act(keys)
    try {
      store.setItem(name, stringifyKnown(keys))
    } catch (cause) {
      throw new NanopeerError('UNSUPPORTED', 'localStorage has no room to remember a remote in.', { cause })
    }
  }
  return {
    get: (id) => read().get(id),
    set(id, key) {
      checkKey(key)
      change((keys) => keys.set(id, key))
    },
    delete: (id) => change((keys) => keys.delete(id)),
    list: () => listKnown(read()),
  }
}

const storage = (): Storage => {
  try {
    if (typeof localStorage !== 'undefined') return localStorage
  } catch (cause) {
    throw unsupported({ cause })
  }
  throw unsupported()
}

const unsupported = (options?: { cause: unknown }) =>
  new NanopeerError(
    'UNSUPPORTED',
    'There is no localStorage here to know remotes by; in Node, import fileKnown from @nanopeer/node.',
    options,
  )
