import type { Identity } from '../base/identity'
import { load } from '../base/load'
import { requireWebCrypto } from '../base/web-crypto'

/** One for each name, for as long as the page lives. */
const identities = new Map<string, Promise<Identity>>()

/**
 * This browser's identity under a name, made on first use. Its private key lies in IndexedDB and cannot be read from there,
 * not even by this page: it only signs. All tabs of the origin have the same. Where the browser keeps none, it is in memory,
 * with `kept: false`.
 *
 * Rejects with `UNSUPPORTED` on an insecure origin, `NETWORK` where its code does not load, `TIMEOUT` where
 * IndexedDB does not answer (the next call asks again). In Node, import it from
 * `@nanopeer/node`: there it is a file.
 *
 * @example
 * const { peer } = usePeer(tabId, { identity: loadIdentity() })
 */
export const loadIdentity = (name = 'default'): Promise<Identity> => {
  const known = identities.get(name)
  if (known) return known
  const identity = loadKept(name).catch((error: unknown) => {
    identities.delete(name)
    throw error
  })
  identities.set(name, identity)
  return identity
}

const loadKept = async (name: string): Promise<Identity> => {
  requireWebCrypto()
  const { loadFromDatabase } = await load(
    'nanopeer for identities',
    () => import('../engine/identity/database'),
    'loadFromDatabase',
  )
  return loadFromDatabase(name)
}
