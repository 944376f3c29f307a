import type { Clock } from '../base/clock'
import type { Limits } from '../base/limits'
import type { Call, DialOptions, Link, PlainChannel } from '../base/transport'
import type { Connection, PeerOptions, Remote } from '../base/types'
import type { PeerHost } from '../engine'
import type { Admission } from './admission'
import type { Events } from './events'
import type { Answer, IncomingRequest } from './rpc/run-handler'
import type { ReceiveBudget } from './rpc/window'
import type { FairReads } from './session/fair-reads'
import type { HeldBytes } from './session/held-bytes'
import type { Trust } from './trust'

/** What all connections of one peer share, and what they need of it. */
export interface PeerContext {
  readonly id: string
  readonly options: PeerOptions
  readonly clock: Clock
  readonly limits: Limits
  readonly budget: ReceiveBudget
  readonly held: HeldBytes
  /** The same of what has come from remotes, and waits. */
  readonly arrived: HeldBytes
  readonly fairReads: FairReads
  readonly admission: Admission
  readonly trust: Trust
  /** Null where nobody wants to hear of any. */
  readonly events: Events | null
  /** Ms since the peer took its id; 0 before that. */
  readonly age: number
  /** The peer is registered nowhere: nobody holds it, or it is being destroyed. Nothing begins any more, or is reported. */
  readonly hasLeft: boolean
  /** Links carry audio and video. */
  readonly hasTracks: boolean
  /** A stream for what arrives of them. */
  createStream(): MediaStream
  dial(remoteId: string, options: DialOptions): Promise<Link>
  dialPlain(remoteId: string, options: DialOptions): Promise<PlainChannel>
  /** @throws `NanopeerError` where nothing can be called. */
  call(remoteId: string, metadata: unknown): Call
  /** Whether our handlers serve this remote, who has proved these keys; `wait` asks it for patience. Never rejects. */
  accepts(remote: Remote, keys: readonly string[], wait?: () => void): Promise<boolean>
  /** Runs the handler, for a remote that is accepted. */
  serve(request: IncomingRequest, connection: Connection, remote: Remote): Promise<Answer>
  report: PeerHost['report']
}
