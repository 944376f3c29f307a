import type { ReadableAtom } from 'nanostores'
import type { Connection } from '../base/types'
import { isLinked, watchConnections } from '../connection/watch'
import { derive } from '../derive'

/** How many remotes there is a link to now. Listening to it holds the peer, and none of its connections. */
export function countOnline($connections: ReadableAtom<readonly Connection[]>): ReadableAtom<number> {
  const now = () => ($connections.value ?? []).filter(isLinked).length
  return derive(0, now, (changed) => watchConnections($connections, changed))
}
