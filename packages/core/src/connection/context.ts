import type { Clock } from '../clock'
import type { Events } from '../events'
import type { Gate } from '../link/gate'
import type { Answer, Incoming } from '../rpc/dispatch'
import type { ReceiveBudget } from '../rpc/window'
import type { HeldBytes } from '../session/replay'
import type { Turns } from '../session/turns'
import type { DialOptions, Link, PlainChannel } from '../transport'
import type { Accept, Connection, Limits, Peer, ReconnectOptions } from '../types'
import type { ConnectionController } from './controller'

/** What a connection needs of its peer. */
export interface ConnectionContext {
  readonly id: string
  readonly clock: Clock
  readonly limits: Limits
  readonly budget: ReceiveBudget
  readonly held: HeldBytes
  readonly turns: Turns
  readonly reconnect: ReconnectOptions
  readonly accept: Accept | undefined
  readonly secret: string | null
  readonly peer: Peer
  readonly gate: Gate
  /** Null where nobody wants to hear of any. */
  readonly events: Events | null
  /** Ms since the peer took its id; 0 before that. */
  readonly age: number
  /** The peer is being destroyed: nothing begins any more. */
  readonly isDestroyed: boolean
  /** Keeps the peer open, and lists the connection that is held now. */
  hold(controller: ConnectionController): () => void
  dial(remoteId: string, options: DialOptions): Promise<Link>
  dialPlain(remoteId: string, options: DialOptions): Promise<PlainChannel>
  /** Looks for a better signalling state now. */
  retrySignalling(): void
  serve(request: Incoming, connection: Connection): Promise<Answer>
  report(error: unknown, remoteId: string): void
  /** A session began or ended. */
  changed(controller: ConnectionController): void
}
