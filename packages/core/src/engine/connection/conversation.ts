import type { Clock } from '../../clock'
import type { NanopeerError } from '../../errors'
import type { Link } from '../../transport'
import type { Limits } from '../../types'
import type { HandshakeResult } from '../handshake/handshake'
import { Rpc } from '../rpc/rpc'
import type { Dispatch } from '../rpc/run-handler'
import type { ReceiveBudget } from '../rpc/window'
import type { SessionEvents } from '../session/events'
import type { FairReads } from '../session/fair-reads'
import type { HeldBytes } from '../session/replay'
import { Session } from '../session/session'
import { watchLink } from './link-watch'

export interface ConversationOptions {
  /** What both sides must prove to know before this conversation has a link; null where there is none. */
  readonly secret: string | null
  readonly clock: Clock
  readonly limits: Limits
  readonly budget: ReceiveBudget
  readonly held: HeldBytes
  readonly fairReads: FairReads
  readonly odd: boolean
  readonly dispatch: Dispatch
  readonly message: (value: unknown, size: number) => void
  readonly refusal: () => NanopeerError | null
  /** A request was not taken. */
  readonly refused: (error: NanopeerError) => void
  /** The number of exchanges changed, or what they wait for. */
  readonly changed: () => void
  readonly silent: () => void
  readonly heard: () => void
  /** Nothing arrives on the link any more, and it has not closed. */
  readonly dead: () => void
  /** The link closed; `byRemote`: the other side closed it on purpose. */
  readonly lost: (byRemote: boolean) => void
  /** The remote ended the session, or broke the protocol. */
  readonly ended: (error: NanopeerError) => void
}

/** One session with the requests that live in it, and the watch over its present link. */
export class Conversation {
  readonly session: Session
  readonly rpc: Rpc
  /** Whether our handlers serve this remote; null until `accept` was asked. Asked once per session. */
  admitted: Promise<boolean> | null = null
  /** `accept` has said no: what this remote asks is refused unread. */
  isRefused = false
  /** Ended: no link will carry it again. */
  isOver = false
  link: Link | null = null
  sent = 0
  received = 0
  private watch: ReturnType<typeof watchLink> | null = null
  private receivedBefore = 0

  constructor(private readonly options: ConversationOptions) {
    const { clock, limits, budget, held, fairReads, odd, dispatch, message, refusal, refused, changed } =
      options
    const events: SessionEvents = {
      frame: (frame) => this.rpc.receive(frame),
      heard: (bytes) => {
        this.received += bytes
        this.watch?.heard()
      },
      wrote: (bytes) => {
        this.sent += bytes
      },
      lost: (byRemote) => {
        this.unwatch()
        options.lost(byRemote)
      },
      ended: (error) => {
        // The session has closed the link itself, behind its goodbye.
        this.link = null
        this.unwatch()
        options.ended(error)
      },
    }
    this.session = new Session(clock, limits, events, held, fairReads)
    const { session } = this
    const port = {
      clock,
      limits,
      budget,
      held,
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
    const sessionName = () => session.remoteIncarnation ?? session.incarnation
    this.rpc = new Rpc({ port, odd, sessionName, dispatch, message, refusal, refused, changed })
  }

  /**
   * Goes on over a new link, and closes the one before.
   *
   * @throws `NanopeerError` where the remote's count cannot be.
   */
  attach(result: HandshakeResult, link: Link): void {
    const { clock, silent, heard, dead } = this.options
    this.unwatch()
    this.link = link
    this.watch = watchLink(clock, {
      ping: () => this.session.ping(),
      packetsSeen: () => link.stats().then((stats) => stats.packetsSeen),
      silent,
      heard,
      dead,
    })
    this.receivedBefore = this.session.receivedCount
    this.session.attach(link, result)
    this.rpc.attached()
  }

  /** Whether the present link, or the last one, has brought the conversation on. */
  get hasMoved(): boolean {
    return this.session.receivedCount > this.receivedBefore
  }

  /** Takes the session off its link before a handshake on another; the old one is closed once that has succeeded. */
  detach(): void {
    this.watch?.stop()
    this.watch = null
    this.session.detach()
  }

  /** Requests and streams that are not finished, in either direction. */
  get size(): number {
    return this.rpc.size
  }

  /** For `census.ts`. */
  get census() {
    return { ...this.rpc.census, frames: this.session.heldFrames, waiting: this.session.waitingBytes }
  }

  get secret(): string | null {
    return this.options.secret
  }

  /** Looks at once whether the remote still answers. */
  probe(): void {
    this.watch?.probe()
  }

  /** Everything pending rejects with `error`; then what is queued is written, with a goodbye, and the link closed. */
  async end(error: NanopeerError, goodbye?: Uint8Array<ArrayBuffer>): Promise<void> {
    this.isOver = true
    this.watch?.stop()
    this.rpc.end(error)
    await this.session.close(goodbye)
    this.rpc.endMessages(error)
    this.unwatch()
  }

  /** The page is going away: there is no time to drain. */
  leave(error: NanopeerError): void {
    this.isOver = true
    this.watch?.stop()
    this.session.leave()
    this.rpc.end(error)
    this.rpc.endMessages(error)
    this.unwatch()
  }

  private unwatch(): void {
    this.watch?.stop()
    this.watch = null
    void this.link?.close(0)
    this.link = null
  }
}
