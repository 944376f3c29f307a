import type { NanopeerError } from '../../base/errors'
import type { Link } from '../../base/transport'
import type { MediaStats, Remote } from '../../base/types'
import { refused } from '../accept'
import type { PeerContext } from '../context'
import type { HandshakeResult } from '../handshake/steps'
import { LateMedia } from '../rpc/late-media'
import type { Port } from '../rpc/port'
import { Reads } from '../rpc/reads'
import { Rpc, type RpcHost } from '../rpc/rpc'
import type { Answer, IncomingRequest } from '../rpc/run-handler'
import { publicName } from '../session/public-name'
import { Session } from '../session/session'
import type { SessionEvents } from '../session/session-events'
import type { Unread } from '../session/unread'
import type { Frame } from '../wire/frame'
import type { Asked } from './asked'
import { watchLink } from './link-watch'

/** What a conversation tells its driver, which may be talking by another one already. */
export interface ConversationHost {
  readonly context: PeerContext
  /** Our streams are odd: our id is the lower one. */
  readonly isOdd: boolean
  serve(conversation: Conversation, request: IncomingRequest): Promise<Answer>
  /** A request was not taken, or a message. */
  notTaken(error: NanopeerError): void
  message(value: unknown, weight: number): void
  report(error: unknown): void
  /** The number of exchanges changed, or what they wait for. */
  changed(): void
  /** Nothing was heard for a while. */
  silent(conversation: Conversation): void
  heard(conversation: Conversation): void
  /** Nothing arrives on the link any more, and it has not closed. */
  dead(conversation: Conversation): void
  /** The link closed; `byRemote`: the other side closed it on purpose. */
  lost(conversation: Conversation, byRemote: boolean): void
  /** The remote ended the session, or broke the protocol. */
  ended(conversation: Conversation, error: NanopeerError): void
}

/** One session with the requests that live in it, and the watch over its present link. */
export class Conversation implements SessionEvents, RpcHost, Asked {
  readonly secret: string | null
  readonly pin: string | null
  readonly session: Session
  readonly rpc: Rpc
  readonly port: Port
  readonly media: LateMedia
  /** Whether our handlers serve this remote; null until `accept` was asked. Asked once per session. */
  admitted: Promise<boolean> | null = null
  /** Who is there, and what was proved; null until `accept` was asked. */
  remote: Remote | null = null
  /** What `accept` has said; null until it has. */
  isAccepted: boolean | null = null
  /** Ended: no link will carry it again. */
  isOver = false
  private name: string | null = null
  link: Link | null = null
  sent = 0
  received = 0
  private linkWatch: ReturnType<typeof watchLink> | null = null
  private receivedBefore = 0

  constructor(
    private readonly host: ConversationHost,
    asked: Asked,
  ) {
    this.secret = asked.secret
    this.pin = asked.pin
    const { clock, limits, budget, fairReads } = host.context
    const giveUp = (error: NanopeerError) => this.session.breakOff(error)
    const held = host.context.held.enter(giveUp)
    const session = new Session(clock, limits, this, held, fairReads)
    this.session = session
    this.port = {
      clock,
      limits,
      budget,
      held,
      arrived: host.context.arrived.enter(giveUp),
      reads: new Reads(clock, held),
      push: session.push.bind(session),
      offer: session.offer.bind(session),
      withdraw: session.withdraw.bind(session),
      get remoteWindow() {
        return session.remoteWindow
      },
      get roundTrip() {
        return session.path.roundTrip
      },
      get isAttached() {
        return session.isAttached
      },
    }
    this.media = new LateMedia({
      hasTracks: host.context.hasTracks,
      port: this.port,
      isPolite: this.isOdd,
      createStream: () => host.context.createStream(),
      fail: (error) => session.breakOff(error),
      report: (error) => host.report(error),
    })
    this.rpc = new Rpc(this)
  }

  get isOdd(): boolean {
    return this.host.isOdd
  }

  /** What others may call it. */
  get sessionName(): string {
    // The remote's: it is known by the time it asks for anything.
    this.name ??= publicName(this.session.remoteIncarnation ?? this.session.incarnation)
    return this.name
  }

  /** Of what is asked unread, where `accept` has said no. */
  get refusal(): NanopeerError | null {
    return this.isAccepted === false ? refused() : null
  }

  get isServed(): boolean {
    return this.isAccepted === true
  }

  /** Requests and streams that are not finished, in either direction. */
  get size(): number {
    return this.rpc.size
  }

  /** Whether the present link, or the last one, has brought the conversation on. */
  get hasMoved(): boolean {
    return this.session.receivedCount > this.receivedBefore
  }

  frame(frame: Frame): Unread {
    return this.rpc.receive(frame)
  }

  heard(bytes: number): void {
    this.received += bytes
    this.linkWatch?.heard()
  }

  wrote(bytes: number): void {
    this.sent += bytes
  }

  lost(byRemote: boolean): void {
    this.closeLink()
    this.host.lost(this, byRemote)
  }

  ended(error: NanopeerError): void {
    // The session has closed the link itself, behind its goodbye.
    this.link = null
    this.closeLink()
    this.host.ended(this, error)
  }

  serve(request: IncomingRequest): Promise<Answer> {
    return this.host.serve(this, request)
  }

  message(value: unknown, weight: number): void {
    this.host.message(value, weight)
  }

  notTaken(error: NanopeerError): void {
    this.host.notTaken(error)
  }

  changed(): void {
    this.host.changed()
  }

  /**
   * Goes on over a new link, and closes the one before.
   *
   * @throws `NanopeerError` where the remote's count cannot be.
   */
  attach(result: HandshakeResult, link: Link): void {
    this.closeLink()
    this.link = link
    this.linkWatch = watchLink(this.host.context.clock, {
      ping: () => this.session.ping(),
      packetsSeen: () => link.stats().then((stats) => stats.packetsSeen),
      silent: () => this.host.silent(this),
      heard: () => this.host.heard(this),
      dead: () => this.host.dead(this),
    })
    this.receivedBefore = this.session.receivedCount
    const { trackConnection: connection } = link
    this.media.attach(connection ? { connection, number: result.number } : null)
    this.session.attach(link, result)
    this.rpc.attached(result.requests ?? Number.POSITIVE_INFINITY)
  }

  /** Takes the session off its link before a handshake on another; the old one is closed once that has succeeded. */
  detach(): void {
    this.linkWatch?.stop()
    this.linkWatch = null
    this.media.attach(null)
    this.session.detach()
  }

  /** Looks at once whether the remote still answers. */
  probe(): void {
    this.linkWatch?.probe()
  }

  /** Everything pending rejects with `error`; then what is queued is written, with a goodbye, and the link closed. */
  async close(error: NanopeerError, goodbye?: Uint8Array<ArrayBuffer>): Promise<void> {
    this.isOver = true
    this.linkWatch?.stop()
    this.rpc.abort(error)
    await this.session.close(goodbye)
    this.rpc.abortMessages(error)
    this.closeLink()
  }

  /** Ends at once: the remote is told `said`, and everything pending here rejects with `error`. */
  breakOff(said: NanopeerError, error: NanopeerError): void {
    this.isOver = true
    this.session.breakOff(said)
    this.rpc.abort(error)
    this.rpc.abortMessages(error)
  }

  /** The page is going away: there is no time to drain. */
  abort(error: NanopeerError): void {
    this.isOver = true
    this.linkWatch?.stop()
    this.session.abort()
    this.rpc.abort(error)
    this.rpc.abortMessages(error)
    this.closeLink()
  }

  async mediaStats(): Promise<MediaStats | null> {
    return this.media.stats()
  }

  private closeLink(): void {
    this.linkWatch?.stop()
    this.linkWatch = null
    this.media.attach(null)
    void this.link?.close(0)
    this.link = null
  }
}
