import { NanopeerError } from '../base/errors'
import type { Connection, ConnectionStatus, ConnectOptions, Peer } from '../base/types'
import { connectionControllerOf } from '../connection/controller'
import { peerControllerOf } from '../peer/controller'
import { checkTrust } from '../peer/trust'
import { createClaim } from './claims'
import { attempt, peek } from './view'

/** How the way to one remote is shown. */
export interface ShownPath {
  /** Stable while the peer and the id are; null where there cannot be one, or none yet. */
  readonly connection: Connection | null
  /** A connection that is about to be held says `connecting`, never `idle`. */
  readonly status: ConnectionStatus['state']
  /** Why there is no link, or cannot be one; null after a close that somebody asked for. */
  readonly error: NanopeerError | null
  /** When the next attempt is made, in epoch ms; null while none is due. */
  readonly retryAt: number | null
}

/** The way to one remote, as one hook has named it. */
export interface Path {
  readonly init: ShownPath
  now(): ShownPath
  /** On screen: held, and on the hook's terms. */
  hold(changed: () => void): () => void
}

/** The options of which whoever has given them may give others. */
export const trustOf = ({ secret, key, protocol }: ConnectOptions = {}) => ({ secret, key, protocol })

const waiting: ShownPath = { connection: null, status: 'connecting', error: null, retryAt: null }

/**
 * Creates the way to one remote.
 *
 * @param before what the hook shows of the same remote until this is on screen
 */
export function createPath(
  given: Peer | Connection,
  remoteId: string,
  options: ConnectOptions | undefined,
  before: Path | null | undefined,
): Path {
  // One of another copy of nanopeer is thrown, not shown: it is a mistake in the program, not in what somebody has typed.
  const controller = 'remoteId' in given ? connectionControllerOf(given) : peerControllerOf(given)
  const lookup = (wishes?: ConnectOptions): Connection =>
    'lookup' in controller ? controller.lookup(remoteId, wishes).handle : controller.handle
  // Only this is kept of it, or there would be a chain of all that have been shown.
  const shown = before?.now().connection
  const found = attempt(() => {
    if (options) checkTrust(options, remoteId)
    const connection = lookup()
    const isShown = shown === connection
    const claim = createClaim(connection, remoteId, trustOf(options), isShown, () => lookup(options))
    // Another secret is meant once it is on screen.
    if (claim.isGranted && !isShown) lookup(options)
    return claim
  })
  if (found instanceof NanopeerError) {
    // An id may be what somebody is typing: that it cannot be one is shown, not thrown.
    const refused: ShownPath = { ...waiting, status: 'closed', error: found }
    return { init: waiting, now: () => refused, hold: () => () => {} }
  }
  const { about: connection } = found
  return {
    init: { ...waiting, connection: found.isGranted ? connection : null },
    now() {
      const { error, isGranted } = found
      if (error) return { ...waiting, status: 'closed', error }
      return isGranted ? { connection, ...statusOf(connection) } : waiting
    },
    hold: found.hold,
  }
}

/** How a connection is that is held, or about to be: that is connecting, whatever it was before. */
function statusOf(connection: Connection): Omit<ShownPath, 'connection'> {
  const { isHeld, context } = connectionControllerOf(connection)
  const { state, error, retryAt } = peek(connection.$status)
  const isAtRest = state === 'idle' || (state === 'closed' && !isHeld)
  if (!isAtRest) return { status: state, error, retryAt }
  return { status: context.isDestroyed ? 'closed' : 'connecting', error: null, retryAt: null }
}
