import { NanopeerError } from '../base/errors'
import type { Connection, ConnectionStatus, ConnectOptions, Peer } from '../base/types'
import { connectionControllerOf } from '../connection/controller'
import { peerControllerOf } from '../peer/controller'
import { checkTrust } from '../peer/trust'
import { attempt, createView, passive, peek, remember, type Views } from './view'

/** What `useConnection` gives. */
export interface ConnectionView {
  /** Stable while the peer and the id are; null while there is no peer, or no id that can be. */
  readonly connection: Connection | null
  /** A connection that is about to be held says `connecting`, never `idle`. */
  readonly status: ConnectionStatus['state']
  /** Why there is no link, or cannot be one; null after a close that somebody asked for. */
  readonly error: NanopeerError | null
  /** When the next attempt is made, in epoch ms; null while none is due. */
  readonly retryAt: number | null
  /** Tries again now. Stable. */
  readonly reconnect: () => void
}

/** A peer and a remote's id, or a connection; null for "not yet". */
export type ConnectionArguments = readonly [
  given: Peer | Connection | null | undefined,
  remoteId?: string | null,
  options?: ConnectOptions,
]

type ShownStatus = Pick<ConnectionView, 'status' | 'error' | 'retryAt'>

/** How a connection is that is held, or about to be: that is connecting, whatever it was before. */
export function shownStatus(connection: Connection): ShownStatus {
  const { isHeld, context } = connectionControllerOf(connection)
  const { state, error, retryAt } = peek(connection.$status)
  const isAtRest = state === 'idle' || (state === 'closed' && !isHeld)
  if (!isAtRest) return { status: state, error, retryAt }
  return { status: context.isDestroyed ? 'closed' : 'connecting', error: null, retryAt: null }
}

/** The options of which whoever has given them may give others. */
export const trustOf = ({ secret, key, protocol }: ConnectOptions = {}) => [secret, key, protocol]

/** What stands behind `useConnection`. */
export function createConnectionViews(): Views<ConnectionArguments, ConnectionView> {
  const reconnect = () => current()?.reconnect()
  const none: ConnectionView = { connection: null, status: 'idle', error: null, retryAt: null, reconnect }
  const { view, current } = remember<ConnectionArguments, Connection | null, ConnectionView>(
    (given, remoteId, options) => [given ?? null, remoteId ?? null, ...trustOf(options)],
    (shown, given, remoteId, options) => {
      const isShown = shown !== null && shown.peer === given && shown.remoteId === remoteId
      const connection = attempt(() => {
        if (options) checkTrust(options, remoteId)
        // Another secret is meant once it is on screen.
        return isShown ? shown : connectionOf(given, remoteId, options)
      })
      if (connection instanceof NanopeerError) {
        // An id may be what somebody is typing: that it cannot be one is shown, not thrown.
        const refused: ConnectionView = { ...none, status: 'closed', error: connection }
        return { subject: null, $view: createView([], { ...none, status: 'connecting' }, () => refused) }
      }
      if (!connection) return { subject: null, $view: createView([], none, () => none) }
      const init: ConnectionView = { ...none, connection, status: 'connecting' }
      const now = () => ({ ...init, ...shownStatus(connection) })
      const $view = createView<ConnectionView>([connection.$status], init, now)
      return { subject: connection, $view, use: () => connectionOf(given, remoteId, options) }
    },
  )
  return { ...passive, view }
}

function connectionOf(...[given, remoteId, options]: ConnectionArguments): Connection | null {
  if (!given) return null
  if ('remoteId' in given) return given
  return remoteId ? peerControllerOf(given).lookup(remoteId, options).handle : null
}
