import { v4 as uuid } from 'uuid'
import type { Clock } from '../../base/clock'
import { NanopeerError } from '../../base/errors'
import { inTaskOfItsOwn } from '../../base/own-task'
import type { Link } from '../../base/transport'
import { nothingProved, type Proof } from '../handshake/proof'
import { breachOf, byeError, goodbye } from '../wire/failure'
import { encodeFrames, type Frame, FrameReader, FrameType, isCounted, noPayload } from '../wire/frame'
import type { Hello } from '../wire/hello'
import { maxFrameSize, maxUnacknowledgedFrames } from '../wire/limits'
import { decodeVarint } from '../wire/varint'
import { Acknowledgements } from './acknowledgements'
import { type FairReader, FairReads } from './fair-reads'
import type { Held } from './held-bytes'
import type { FrameSource, OutgoingFrame } from './outbox'
import type { PathEstimator } from './path-estimator'
import { Pings } from './pings'
import type { SessionEvents } from './session-events'
import type { Start } from './start'
import { Tokens } from './tokens'
import { afterwards, type Unread } from './unread'
import { Writer } from './writer'

/**
 * The state that makes a sequence of links one ordered, lossless conversation, the way XEP-0198 does for XMPP
 * streams. It knows frames and counts; what they mean is the business of `rpc/`.
 */
export class Session {
  /** Random, new with every session this side begins; the pair of both sides' names the session. */
  readonly incarnation = uuid()
  readonly tokens = new Tokens()
  /** The other side's; null until its first HELLO. */
  remoteIncarnation: string | null = null
  /** What the remote has proved on the last link. */
  proof = nothingProved
  /** The highest number that a HELLO of this session has carried, from either side: the next one has one more. */
  highestLink = 0
  /** When {@link early} frames went out, on the clock. */
  earlyAt = 0
  /** The number of the link it is on, or was on last; 0 before the first. A HELLO with no higher one is stale. */
  lastLink = 0
  /** The window that our streams to the remote begin with. */
  remoteWindow = 0

  private readonly writer: Writer
  private link: Link | null = null
  private unlisten: (() => void) | null = null
  private reader: FairReader | null = null
  private over = false
  private readonly acknowledgements: Acknowledgements
  private readonly pings: Pings

  /** @param held its part of what all sessions of the peer hold; `fairReads` is shared by all of them */
  constructor(
    private readonly clock: Clock,
    limits: { readonly unacknowledged: number },
    private readonly events: SessionEvents,
    held: Held,
    private readonly fairReads = new FairReads(clock),
  ) {
    this.acknowledgements = new Acknowledgements(clock, () => this.writer.schedule())
    this.writer = new Writer({
      clock,
      held,
      limit: limits.unacknowledged,
      isOwed: () => this.acknowledgements.isOwed,
      replies: (alone) => this.acknowledgements.replies(alone),
      write: (message) => this.write(message),
      ask: () => this.write(encodeFrames(this.pings.ask())),
      failed: (error) => this.breakOff(error),
    })
    this.pings = new Pings(clock)
  }

  /** How fast the path is. */
  get path(): PathEstimator {
    return this.writer.path
  }

  /** True once frames have been written: from then on a new link is a resume. */
  get hasBegun(): boolean {
    return this.writer.replay.sent > 0 || this.remoteIncarnation !== null
  }

  /** The remote has all that was written: what is written next is the next in its count, too. */
  get isAcknowledged(): boolean {
    return this.writer.replay.length === 0
  }

  /** Counted frames received: what READY tells the other side. Read it only after {@link detach}. */
  get receivedCount(): number {
    return this.acknowledgements.received
  }

  get isAttached(): boolean {
    return this.link !== null
  }

  /** Fixes what the remote's first HELLO says; later ones only prove that it is the same. */
  establish(hello: Hello, proof: Proof): void {
    this.proof = proof
    if (this.remoteIncarnation !== null) return
    this.remoteIncarnation = hello.from
    this.writer.frameSize = Math.min(this.writer.frameSize, hello.frameSize)
    this.remoteWindow = hello.window
  }

  /**
   * @throws `NanopeerError` `PROTOCOL` for a count of ours that the other side cannot have, `CONNECTION_LOST` for one that
   *   it had before the link that carries the session now: its HELLO was on its way for longer than that.
   */
  checkReceived(count: number): void {
    const { sent, acknowledged } = this.writer.replay
    if (count > sent) {
      throw new NanopeerError('PROTOCOL', 'The remote says that it has frames that were never sent.')
    }
    if (count < acknowledged) throw new NanopeerError('CONNECTION_LOST', 'A newer link carries this session.')
  }

  /** Queues a small frame. It takes its place in the count when it is written, not now. */
  push(frame: OutgoingFrame): void {
    if (this.over) return
    this.writer.push(frame)
  }

  /** Gives a source its turn; see {@link FrameSource}. */
  offer(source: FrameSource): void {
    if (this.over) return
    this.writer.offer(source)
  }

  /** Forgets what a stream still has to send, and the bytes of what it has sent; credit and cancel frames stay. */
  withdraw(stream: number): void {
    this.writer.withdraw(stream)
  }

  /** Takes the link away, for good: nothing that it still delivers is heard. */
  detach(): void {
    this.unlisten?.()
    this.unlisten = null
    this.reader?.dispose()
    this.reader = null
    this.link = null
    this.writer.detach()
    this.pings.reset()
    this.acknowledgements.reset()
  }

  /**
   * Requests that may follow READY in its message, in at most `room` bytes, so that they cost no round trip: small frames
   * only, because the remote has not said yet whether it takes us. To call where the session {@link isAcknowledged}.
   */
  early(room: number): Uint8Array<ArrayBuffer> {
    this.earlyAt = this.clock.now()
    return this.writer.early(room)
  }

  /**
   * Carries on over a new link: what the other side does not have is written again.
   *
   * @throws `NanopeerError` `PROTOCOL` for a count that cannot be.
   */
  attach(link: Link, { received, begun, number, rest }: Start): void {
    this.writer.checkLink(link)
    this.writer.replay.acknowledge(received)
    if (!begun) this.writer.replay.rewind()
    this.acknowledgements.told()
    this.link = link
    this.writer.attach(link)
    this.lastLink = number
    const reader = this.fairReads.enter()
    this.reader = reader
    const frames = rest.values()
    reader.take(0, () => this.readAll(link, () => frames.next().value ?? null))
    if (this.link !== link) return
    // Behind the answers of this turn: each message before them puts them off by what it takes to send.
    void inTaskOfItsOwn(this.clock).then(() => this.link === link && this.ping())
    this.writer.schedule()
    this.unlisten = link.listen({
      message: (bytes) => {
        this.events.heard(bytes.length)
        if (reader.take(bytes.length, () => this.read(link, bytes))) return
        // A remote that keeps to what it may leave unacknowledged never comes here; a new link begins where this ends.
        void link.close(0)
        this.lose(link, false)
      },
      drained: () => this.writer.schedule(),
      // Behind what came before it: a goodbye, for one.
      closed: (byRemote) =>
        reader.take(0, () => {
          this.lose(link, byRemote)
          return null
        }),
    })
    if (this.link !== link) this.unlisten()
  }

  /** Asks for a sign of life; the answer is heard, and measures the round trip. */
  ping(): void {
    if (this.link) this.write(encodeFrames(this.pings.next()))
  }

  /**
   * Says goodbye once everything that waits has been written, then closes the link. Resolves when it is closed.
   * What cannot leave within `drainTimeout` ms is lost.
   */
  async close(bye: Uint8Array<ArrayBuffer> = noPayload, drainTimeout = 2000): Promise<void> {
    if (this.link) await this.writer.drain(drainTimeout)
    const link = this.link
    this.write(encodeFrames({ type: FrameType.Bye, stream: 0, payload: bye }))
    this.stop()
    await link?.close(drainTimeout)
  }

  /** Says goodbye without waiting for anything: the page is going away. */
  abort(): void {
    this.write(encodeFrames({ type: FrameType.Bye, stream: 0, payload: noPayload }))
    this.stop()
  }

  /** Ends the session here: nothing more is sent or heard. */
  stop(): void {
    this.over = true
    this.detach()
    this.writer.clear()
    this.writer.giveUpDraining()
  }

  private write(message: Uint8Array<ArrayBuffer>): void {
    if (!this.link) return
    this.link.send(message)
    this.events.wrote(message.length)
  }

  private read(link: Link, message: Uint8Array): Unread {
    const frames = new FrameReader(message)
    return this.readAll(link, () => frames.next())
  }

  /** Reads frames to the last, or until the link is given up: those behind are not heard. */
  private readAll(link: Link, next: () => Frame | null): Unread {
    const goOn = (): Unread => {
      // Also what was read in an earlier turn may have given the link up.
      while (this.link === link) {
        const frame = next()
        if (!frame) break
        const unread = this.accept(link, frame)
        if (unread) return afterwards(unread, goOn)
      }
      // Room may have come free, and an implementation may have missed to say so.
      this.writer.schedule()
      return null
    }
    return this.guarded(link, goOn)
  }

  /** Whatever cannot be read ends the session, in whichever turn that is found. */
  private guarded(link: Link, read: () => Unread): Unread {
    if (this.over) return null
    try {
      const unread = read()
      return unread && (() => this.guarded(link, unread))
    } catch (error) {
      this.fail(link, error)
      return null
    }
  }

  private accept(link: Link, frame: Frame): Unread {
    if (isCounted(frame.type)) return this.count(frame)
    this.control(link, frame)
    return null
  }

  private count(frame: Frame): Unread {
    if (frame.payload.length > maxFrameSize) {
      throw new NanopeerError('PROTOCOL', 'The remote sent a frame over the agreed size.')
    }
    if (this.writer.replay.length > 2 * maxUnacknowledgedFrames) {
      throw new NanopeerError('PROTOCOL', 'The remote acknowledges nothing.')
    }
    this.acknowledgements.count(frame)
    return frame.type === FrameType.Skip ? null : this.events.frame(frame)
  }

  private control(link: Link, frame: Frame): void {
    switch (frame.type) {
      case FrameType.Acknowledge:
        return this.writer.acknowledged(decodeVarint(frame.payload))
      case FrameType.Ping:
        return this.acknowledgements.pinged(frame.payload)
      case FrameType.Pong: {
        const roundTrip = this.pings.answered(frame.payload)
        if (roundTrip === null) return
        this.tokens.confirm()
        return this.path.measured(roundTrip)
      }
      case FrameType.Bye:
        this.stop()
        void link.close(0)
        this.events.ended(byeError(frame))
        return
      default:
        throw new NanopeerError('PROTOCOL', 'The remote sent a handshake frame after the handshake.')
    }
  }

  private lose(link: Link, byRemote: boolean): void {
    if (this.link !== link) return
    this.detach()
    // What was left to read has ended the session.
    if (this.over) return
    this.writer.giveUpDraining()
    this.events.lost(byRemote)
  }

  private fail(link: Link, error: unknown): void {
    if (this.link !== link) return
    this.breakOff(breachOf(error))
  }

  /** The session cannot go on: the remote is told why, and what is queued is lost. */
  breakOff(error: NanopeerError): void {
    const { link } = this
    this.write(encodeFrames(goodbye(error)))
    this.stop()
    void link?.close()
    this.events.ended(error)
  }
}
