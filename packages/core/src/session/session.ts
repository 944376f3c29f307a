import { v4 as uuid } from 'uuid'
import type { Clock } from '../clock'
import { NanopeerError } from '../errors'
import type { Link } from '../transport'
import { byeError, encodeFailure } from '../wire/failure'
import {
  decodeFrames,
  encodeFrames,
  type Frame,
  FrameType,
  isCounted,
  maxFrameHead,
  noPayload,
} from '../wire/frame'
import type { Hello } from '../wire/hello'
import {
  earlyBytes,
  heldFloor,
  maxFrameSize,
  maxMessageSize,
  maxUnacknowledgedFrames,
  safeMessageSize,
} from '../wire/limits'
import { decodeVarint } from '../wire/varint'
import { assembleMessage } from './message'
import { type FrameSource, Outbox, type OutgoingFrame } from './outbox'
import { Pace } from './pace'
import { Pings } from './pings'
import { Receipts } from './receipts'
import { HeldBytes, ReplayBuffer } from './replay'
import { Tokens } from './tokens'

/** How a link starts, as its handshake found out. */
interface Start {
  /** Counted frames the other side had when it said READY. */
  readonly received: number
  /** Our first frames went over this link already, behind our READY. */
  readonly begun: boolean
  /** What its HELLO said. */
  readonly number: number
  /** Frames that came behind the handshake and are still unread. */
  readonly rest: readonly Frame[]
}

/** What a session tells the layer above and beside it. */
export interface SessionEvents {
  /** A counted frame, in order, exactly once, whatever links it took. Throwing `PROTOCOL` closes the link. */
  frame(frame: Frame): void
  /** Anything at all arrived: the remote lives. */
  heard(bytes: number): void
  /** The link is gone; the session waits for the next one. `byRemote`: the other side closed it on purpose. */
  lost(byRemote: boolean): void
  /** The remote ended the session, or broke the protocol. */
  ended(error: NanopeerError): void
  /** Bytes were handed to the link. */
  wrote(bytes: number): void
}

/**
 * The state that makes a sequence of links one ordered, lossless conversation, the way XEP-0198 does for XMPP
 * streams. It knows frames and counts; what they mean is the business of `rpc/`.
 */
export class Session {
  /** Random, new with every session this side begins; the pair of both sides' names the session. */
  readonly incarnation = uuid()
  readonly tokens = new Tokens()
  readonly pace = new Pace()
  /** The other side's; null until its first HELLO. */
  remoteIncarnation: string | null = null
  /** The highest number that a HELLO of this session has carried, from either side: the next one has one more. */
  highestLink = 0
  /** The number of the link it is on, or was on last; 0 before the first. A HELLO with no higher one is stale. */
  lastLink = 0
  /** The largest payload of a frame that both sides take; fixed by the first HELLOs. */
  frameSize = maxFrameSize
  /** The window that our streams to the remote begin with. */
  remoteWindow = 0

  private readonly outbox = new Outbox()
  private readonly replay: ReplayBuffer
  private link: Link | null = null
  private unlisten: (() => void) | null = null
  private over = false
  private flushing = false
  private whenDrained: (() => void) | null = null
  private readonly receipts: Receipts
  private readonly pings: Pings

  /** @param held shared by all sessions of the peer */
  constructor(
    private readonly clock: Clock,
    private readonly limits: { readonly unacknowledged: number },
    private readonly events: SessionEvents,
    private readonly held = new HeldBytes(),
  ) {
    this.replay = new ReplayBuffer(held)
    this.receipts = new Receipts(clock, () => this.schedule())
    this.pings = new Pings(clock)
  }

  /** True once frames have been written: from then on a new link is a resume. */
  get hasBegun(): boolean {
    return this.replay.sent > 0 || this.remoteIncarnation !== null
  }

  /** Counted frames received: what READY tells the other side. Read it only after {@link detach}. */
  get receivedCount(): number {
    return this.receipts.received
  }

  get isAttached(): boolean {
    return this.link !== null
  }

  /** Frames that wait to be written, or to be acknowledged. */
  get heldFrames(): number {
    return this.outbox.length + this.replay.length
  }

  /** Fixes what the remote's first HELLO says; later ones only prove that it is the same. */
  establish(hello: Hello): void {
    if (this.remoteIncarnation !== null) return
    this.remoteIncarnation = hello.from
    this.frameSize = Math.min(this.frameSize, hello.frameSize)
    this.remoteWindow = hello.window
  }

  /** @throws `NanopeerError` `PROTOCOL` for a count of ours that the other side cannot have. */
  checkReceived(count: number): void {
    if (count <= this.replay.sent && count >= this.replay.acknowledged) return
    throw new NanopeerError('PROTOCOL', 'The remote says that it has frames that were never sent.')
  }

  /** Queues a small frame. It takes its place in the count when it is written, not now. */
  push(frame: OutgoingFrame): void {
    if (this.over) return
    this.outbox.push(frame)
    this.schedule()
  }

  /** Gives a source its turn; see {@link FrameSource}. */
  offer(source: FrameSource): void {
    if (this.over) return
    this.outbox.offer(source)
    this.schedule()
  }

  /** Forgets what a stream still has to send, and the bytes of what it has sent; credit and cancel frames stay. */
  withdraw(stream: number): void {
    this.outbox.withdraw(stream)
    this.replay.drop(stream)
    this.schedule()
  }

  /** Takes the link away, for good: nothing that it still delivers is heard. */
  detach(): void {
    this.unlisten?.()
    this.unlisten = null
    this.link = null
    this.pings.reset()
    this.receipts.reset()
  }

  /**
   * Requests that may follow READY in the first message of a new session, so that they cost no round trip: small
   * frames only, because the remote has not said yet whether it takes us.
   */
  early(): Uint8Array<ArrayBuffer> {
    if (this.hasBegun) return noPayload
    const room = { message: earlyBytes, urgent: true, replay: false, bulk: 0, frame: 0 }
    return assembleMessage(room, this.outbox, this.replay, () => []) ?? noPayload
  }

  /**
   * Carries on over a new link: what the other side does not have is written again.
   *
   * @throws `NanopeerError` `PROTOCOL` for a count that cannot be.
   */
  attach(link: Link, { received, begun, number, rest }: Start): void {
    if (this.frameSize + 4 * maxFrameHead > this.messageSize(link)) {
      throw new NanopeerError(
        'UNSUPPORTED',
        'The new link takes only smaller messages than this session uses.',
      )
    }
    this.replay.acknowledge(received)
    if (!begun) this.replay.rewind()
    this.receipts.told()
    this.link = link
    this.lastLink = number
    for (const frame of rest) {
      if (!this.accept(link, frame)) return
    }
    this.ping()
    this.schedule()
    this.unlisten = link.listen({
      message: (bytes) => this.read(link, bytes),
      drained: () => this.schedule(),
      closed: (byRemote) => this.lose(link, byRemote),
    })
    if (this.link !== link) this.unlisten()
  }

  /** Asks for a sign of life; the answer is heard, and measures the round trip. */
  ping(): void {
    if (this.link) this.write(this.link, encodeFrames(this.pings.next()))
  }

  /**
   * Says goodbye once everything that waits has been written, then closes the link. Resolves when it is closed.
   * What cannot leave within `drainTimeout` ms is lost.
   */
  async close(bye: Uint8Array<ArrayBuffer> = noPayload, drainTimeout = 2000): Promise<void> {
    if (this.link) await this.drain(drainTimeout)
    const link = this.link
    if (link) {
      this.write(link, encodeFrames({ type: FrameType.Bye, stream: 0, payload: bye }))
    }
    this.stop()
    await link?.close(drainTimeout)
  }

  /** Says goodbye without waiting for anything: the page is going away. */
  leave(): void {
    if (this.link) this.write(this.link, encodeFrames({ type: FrameType.Bye, stream: 0, payload: noPayload }))
    this.stop()
  }

  /** Ends the session here: nothing more is sent or heard. */
  stop(): void {
    this.over = true
    this.detach()
    this.replay.clear()
  }

  private schedule(): void {
    if (this.flushing || !this.link) return
    this.flushing = true
    // All frames of one turn leave as one message: a message costs ~100 µs whatever its size.
    queueMicrotask(() => {
      this.flushing = false
      this.flush()
    })
  }

  /** Writes as many messages as the path has room for. */
  private flush(): void {
    for (;;) {
      const link = this.link
      if (!link) return
      const held = this.pace.channelBytes
      link.lowWater = held / 2
      const free = held - link.bufferedAmount
      const acknowledgeable = this.isAcknowledgeable
      // Small frames may overrun what the channel should hold, but a remote that reads nothing gets no more of them.
      const canWrite = free > -held
      const room = {
        message: this.messageSize(link),
        urgent: acknowledgeable && canWrite,
        replay: canWrite,
        bulk: acknowledgeable ? free : 0,
        frame: this.pace.bulkFrame(this.frameSize),
      }
      const message = assembleMessage(room, this.outbox, this.replay, (alone) =>
        canWrite ? this.receipts.replies(alone) : [],
      )
      if (message) {
        this.write(link, message)
        continue
      }
      if (this.isDrained) this.whenDrained?.()
      return
    }
  }

  /** Whether the buffer of what is unacknowledged has room. */
  private get isAcknowledgeable(): boolean {
    const limit = this.held.isFull ? heldFloor : this.pace.unacknowledgedBytes(this.limits.unacknowledged)
    return this.replay.bytes < limit && !this.replay.isFull
  }

  private get isDrained(): boolean {
    return this.outbox.isEmpty && !this.replay.isReplaying
  }

  /** Resolves when everything queued has been written, at the latest after `timeout` ms. */
  private drain(timeout: number): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.clock.after(timeout, resolve)
      this.whenDrained = () => {
        stop()
        resolve()
      }
      this.flush()
    })
  }

  private messageSize(link: Link): number {
    return Math.min(maxMessageSize, link.maxMessageSize ?? safeMessageSize)
  }

  private write(link: Link, message: Uint8Array<ArrayBuffer>): void {
    link.send(message)
    this.events.wrote(message.length)
  }

  private read(link: Link, message: Uint8Array): void {
    this.events.heard(message.length)
    try {
      for (const frame of decodeFrames(message)) {
        if (!this.accept(link, frame)) return
      }
    } catch (error) {
      this.fail(link, error)
      return
    }
    // Room may have come free, and an implementation may have missed to say so.
    this.schedule()
  }

  /** False when the link was given up meanwhile: the rest of its message is not heard. */
  private accept(link: Link, frame: Frame): boolean {
    try {
      if (isCounted(frame.type)) this.count(frame)
      else this.control(link, frame)
    } catch (error) {
      this.fail(link, error)
    }
    return this.link === link
  }

  private count(frame: Frame): void {
    if (frame.payload.length > maxFrameSize) {
      throw new NanopeerError('PROTOCOL', 'The remote sent a frame over the agreed size.')
    }
    if (this.replay.length > 2 * maxUnacknowledgedFrames) {
      throw new NanopeerError('PROTOCOL', 'The remote acknowledges nothing.')
    }
    this.receipts.count(frame)
    if (frame.type !== FrameType.Skip) this.events.frame(frame)
  }

  private control(link: Link, frame: Frame): void {
    switch (frame.type) {
      case FrameType.Acknowledge: {
        const busy = !this.outbox.isEmpty || link.bufferedAmount > 0
        const freed = this.replay.acknowledge(decodeVarint(frame.payload))
        this.pace.acknowledged(freed, this.clock.now(), busy)
        return
      }
      case FrameType.Ping:
        return this.receipts.pinged(frame.payload)
      case FrameType.Pong: {
        const roundTrip = this.pings.answered(frame.payload)
        if (roundTrip !== null) this.pace.measured(roundTrip)
        return
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
    this.whenDrained?.()
    this.events.lost(byRemote)
  }

  private fail(link: Link, error: unknown): void {
    if (this.link !== link) return
    const cause =
      error instanceof NanopeerError && error.code === 'PROTOCOL'
        ? error
        : new NanopeerError('PROTOCOL', 'What the remote sent could not be read.', { cause: error })
    this.write(link, encodeFrames({ type: FrameType.Bye, stream: 0, payload: encodeFailure(cause) }))
    this.stop()
    void link.close()
    this.events.ended(cause)
  }
}
