import type { Clock } from '../../clock'
import type { ConnectionController } from '../../connection/controller'
import type { DialOptions, Link, PlainChannel } from '../../transport'
import type { Accept, Connection, Limits, Peer, ReconnectOptions } from '../../types'
import type { Admission } from '../admission'
import type { Events } from '../events'
import type { Answer, IncomingRequest } from '../rpc/run-handler'
import type { ReceiveBudget } from '../rpc/window'
import type { FairReads } from '../session/fair-reads'
import type { HeldBytes } from '../session/replay'

/** What a connection needs of its peer. */
export interface ConnectionContext {
  readonly id: string
  readonly clock: Clock
  readonly limits: Limits
  readonly budget: ReceiveBudget
  readonly held: HeldBytes
  readonly fairReads: FairReads
  readonly reconnect: ReconnectOptions
  readonly accept: Accept | undefined
  readonly secret: string | null
  readonly peer: Peer
  readonly admission: Admission
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
  serve(request: IncomingRequest, connection: Connection): Promise<Answer>
  report(error: unknown, remoteId: string): void
  /** A session began or ended. */
  changed(controller: ConnectionController): void
}
