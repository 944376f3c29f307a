import { onNotify, type ReadableAtom } from 'nanostores'
import type { Connection } from '../base/types'

/**
 * Hears of every change of these connections' statuses, and of which they are, without holding any of them: to listen to a
 * status would. Returns the undo.
 */
export function watchConnections(
  $connections: ReadableAtom<readonly Connection[]>,
  changed: () => void,
): () => void {
  const watched = new Map<Connection, () => void>()
  const follow = (connections: readonly Connection[]) => {
    for (const [connection, unwatch] of watched) {
      if (connections.includes(connection)) continue
      unwatch()
      watched.delete(connection)
    }
    for (const connection of connections) {
      if (!watched.has(connection)) watched.set(connection, onNotify(connection.$status, changed))
    }
  }
  const unlisten = $connections.subscribe((connections) => {
    follow(connections)
    changed()
  })
  return () => {
    unlisten()
    follow([])
  }
}

/** Whether requests travel now; an unstable link is still one. */
export function isLinked(connection: Connection): boolean {
  const state = connection.$status.value?.state
  return state === 'open' || state === 'unstable'
}
