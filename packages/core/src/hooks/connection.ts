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

/** What stands behind `useConnection`. */
export function createConnectionViews(): Views<ConnectionArguments, ConnectionView> {
  const reconnect = () => current()?.reconnect()
  const none: ConnectionView = { connection: null, status: 'idle', error: null, retryAt: null, reconnect }
  const { view, current } = remember<ConnectionArguments, Connection | null, ConnectionView>(
    (given, remoteId, options) => [
      given ?? null,
      remoteId ?? null,
      options?.secret,
      options?.key,
      options?.protocol,
    ],
    (shown, given, remoteId, options) => {
      const isShown = shown !== null && shown.peer === given && shown.remoteId === remoteId
      const connection = attempt(() => {
        if (options) checkTrust(options, remoteId)
        // Another secret is meant once it is on screen: see `commit`.
        return isShown ? shown : connectionOf(given, remoteId, options)
      })
      if (connection instanceof NanopeerError) {
        // An id may be what somebody is typing: that it cannot be one is shown, not thrown.
        const refused: ConnectionView = { ...none, status: 'closed', error: connection }
        return { subject: null, $view: createView([], { ...none, status: 'connecting' }, () => refused) }
      }
      if (!connection) return { subject: null, $view: createView([], none, () => none) }
      const init: ConnectionView = { ...none, connection, status: 'connecting' }
      const now = (): ConnectionView => {
        const { state, error, retryAt } = peek(connection.$status)
        if (state === 'idle' || (state === 'closed' && !connectionControllerOf(connection).isHeld))
          return init
        return { ...init, status: state, error, retryAt }
      }
      return { subject: connection, $view: createView([connection.$status], init, now) }
    },
  )
  let applied: ConnectionArguments = [null]
  const commit = (...now: ConnectionArguments) => {
    const [given, remoteId, options] = now
    const [givenBefore, remoteBefore, before] = applied
    applied = now
    if (!given || given !== givenBefore || remoteId !== remoteBefore || !options) return
    const isSame = (name: 'secret' | 'key' | 'protocol') => options[name] === before?.[name]
    if (isSame('secret') && isSame('key') && isSame('protocol')) return
    // What is wrong with them is what the view says.
    attempt(() => connectionOf(given, remoteId, options))
  }
  return { ...passive, view, commit }
}

function connectionOf(...[given, remoteId, options]: ConnectionArguments): Connection | null {
  if (!given) return null
  if ('remoteId' in given) return given
  return remoteId ? peerControllerOf(given).lookup(remoteId, options).handle : null
}
