import type { ConnectionController } from './connection/controller'
import { controllerOfPeer } from './peer/handle'
import type { Peer } from './types'

/** What a peer holds for its remotes. Each has a limit, and each goes back to where it was when they are gone. */
export interface Census {
  /** Remotes it knows of. */
  readonly connections: number
  /** Sessions, live or waiting for their next link. */
  readonly sessions: number
  /** Links that have not finished their handshake. */
  readonly handshakes: number
  /** Handlers that run. */
  readonly handlers: number
  /** Requests and streams in either direction. */
  readonly streams: number
  /** Frames written, or waiting to be, that no remote has acknowledged. */
  readonly frames: number
  /** Bytes of those frames, and of answers that wait to be written. */
  readonly held: number
  /** Bytes that have arrived and wait: messages, parts of values, uploads and answers that nobody has read, inputs. */
  readonly arrived: number
}

/** Counts what a peer holds now. For tests. */
export const takeCensus = (peer: Peer): Census => {
  const { connections, handshakes, handlers, held } = controllerOfPeer(peer).census
  const sessions = connections.flatMap((connection: ConnectionController) => connection.census ?? [])
  const sum = (of: (session: (typeof sessions)[number]) => number) =>
    sessions.reduce((total, session) => total + of(session), 0)
  return {
    connections: connections.length,
    sessions: sessions.length,
    handshakes,
    handlers,
    streams: sum(({ streams }) => streams),
    frames: sum(({ frames }) => frames),
    held,
    arrived: sum(({ fragments, unread, inputs, waiting = 0 }) => fragments + unread + inputs + waiting),
  }
}
