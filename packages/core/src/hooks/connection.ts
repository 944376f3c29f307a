import type { Connection, ConnectOptions, Peer } from '../base/types'
import { derive } from '../derive'
import { createPath, type Path, type ShownPath, trustOf } from './path'
import { nothing, remember, type Views } from './view'

/** What `useConnection` gives. */
export interface ConnectionView extends ShownPath {
  /** Tries again now. Stable. */
  readonly reconnect: () => void
}

/** A peer and a remote's id, or a connection; null for "not yet". */
export type ConnectionArguments = readonly [
  given: Peer | Connection | null | undefined,
  remoteId?: string | null,
  options?: ConnectOptions,
]

/** What stands behind `useConnection`. */
export function createConnectionViews(): Views<ConnectionArguments, ConnectionView> {
  const reconnect = () => views.current()?.now().connection?.reconnect()
  const none: ConnectionView = { connection: null, status: 'idle', error: null, retryAt: null, reconnect }
  const views = remember<ConnectionArguments, Path | null, ConnectionView>(
    (given, remoteId, options) => [given ?? null, remoteId ?? null, ...Object.values(trustOf(options))],
    (shown, given, remoteId, options) => {
      const id = given && 'remoteId' in given ? given.remoteId : remoteId
      if (!given || !id) return nothing(none)
      const path = createPath(given, id, options, shown)
      const now = () => ({ ...path.now(), reconnect })
      return { subject: path, $view: derive({ ...path.init, reconnect }, now, path.hold) }
    },
  )
  return views
}
