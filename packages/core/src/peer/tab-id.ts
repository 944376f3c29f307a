import { v4 as uuid } from 'uuid'
import { remember, tabStorage } from '../base/tab-storage'

const idKey = 'nanopeer:tab-id'
const inUseKey = 'nanopeer:tab-id-in-use'

let known: string | null = null

/**
 * A uuid kept for this tab through reloads, for pages that need no fixed device id.
 *
 * A duplicated tab gets its own: the copy of `sessionStorage` says that the id is in use, which a page that was
 * left says no more. Where there is no tab (a server render) each call gives a new one.
 *
 * @example
 * const { peer } = usePeer(tabId) // called when the component is mounted, and not on a server
 */
export const tabId = (): string => {
  if (known) return known
  const storage = tabStorage()
  if (typeof document === 'undefined') return uuid()
  const kept = storage?.getItem(inUseKey) ? null : storage?.getItem(idKey)
  known = kept ?? uuid()
  remember(idKey, known)
  markInUse()
  // For as long as the page lives, because the id does.
  addEventListener('pagehide', () => tabStorage()?.removeItem(inUseKey))
  addEventListener('pageshow', markInUse)
  return known
}

const markInUse = () => remember(inUseKey, '1')
