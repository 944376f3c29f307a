import { controllerOf } from './connection/handle'
import { controllerOfPeer } from './peer/handle'
import type { Connection, ConnectOptions, Peer } from './types'

/**
 * The one connection to this remote, for a render: it dials once something holds it, and not before.
 *
 * @throws `NanopeerError` `INVALID_ID`.
 */
export const lookupConnection = (peer: Peer, remoteId: string, options?: ConnectOptions): Connection =>
  controllerOfPeer(peer).lookup(remoteId, options).handle

/** Calls `listener` whenever a new session, not a resumed one, is open: the first one too. Returns its undo. */
export const onSession = (connection: Connection, listener: () => void): (() => void) =>
  controllerOf(connection).onSession(listener)

/** Whether anybody holds it, or has until a second ago: otherwise its status says how it ended, and a holder dials anew. */
export const isHeld = (connection: Connection): boolean => controllerOf(connection).isHeld
