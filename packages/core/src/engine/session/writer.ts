import type { Clock } from '../../base/clock'
import { NanopeerError } from '../../base/errors'
import type { Link } from '../../base/transport'
import { borrowMessage, encodeFrames, type Frame, maxFrameHead } from '../wire/frame'
import { earlyBytes, heldFloor, maxFrameSize, messageSizeOf, smallBytes } from '../wire/limits'
import type { Held } from './held-bytes'
import { takeFrames } from './message'
import { type FrameSource, Outbox, type OutgoingFrame } from './outbox'
import { PathEstimator } from './path-estimator'
import { ReplayBuffer } from './replay'

/** What a writer needs of its session. */
export interface WriterOptions {
  readonly clock: Clock
  /** The most that may be unacknowledged, bytes. */
  readonly limit: number
  /** Shared by all sessions of the peer. */
  readonly held: Held
  /** Something is owed to the remote that goes even by itself. */
  isOwed(): boolean
  /** What is owed to the remote; told whether it would be alone in its message. */
  replies(alone: boolean): readonly Frame[]
  write(message: Uint8Array<ArrayBuffer>): void
  /** Nothing more may leave before the remote acknowledges: it is asked to. */
  ask(): void
  /** What is in the count cannot be sent: the remote would wait for it for ever. */
  failed(error: NanopeerError): void
}

/** Decides what leaves, in what order, in which message, and when: the sending half of a session. */
export class Writer {
  readonly path = new PathEstimator()
  readonly replay: ReplayBuffer
  /** The largest payload of a frame that both sides take; fixed by the first HELLOs. */
  frameSize = maxFrameSize
  private readonly outbox = new Outbox()
  private link: Link | null = null
  private flushing = false
  /** Asked for an acknowledgement, and not answered. */
  private hasAsked = false
  private whenDrained: (() => void) | null = null

  constructor(private readonly options: WriterOptions) {
    this.replay = new ReplayBuffer(options.held)
  }

  /** Frames that wait to be written. */
  get length(): number {
    return this.outbox.length
  }

  /** Queues a small frame. It takes its place in the count when it is written, not now. */
  push(frame: OutgoingFrame): void {
    this.outbox.push(frame)
    this.schedule()
  }

  /** Gives a source its turn; see {@link FrameSource}. */
  offer(source: FrameSource): void {
    this.outbox.offer(source)
    this.schedule()
  }

  withdraw(stream: number): void {
    this.outbox.withdraw(stream)
    this.replay.drop(stream)
    this.schedule()
  }

  /**
   * Small frames to follow READY in its message: no stream data, because the remote has not said yet whether it takes us.
   *
   * @param space what the message still takes, bytes
   */
  early(space: number): Uint8Array<ArrayBuffer> {
    const message = Math.min(earlyBytes, space)
    const room = { message, urgent: true, small: earlyBytes, replay: false, bulk: 0, frame: 0 }
    const frames = takeFrames(room, this.outbox, this.replay, () => [])
    const encoded = encodeFrames(...frames)
    tell(frames)
    return encoded
  }

  /** @throws `NanopeerError` `UNSUPPORTED` for a link whose messages are too small for this session's frames. */
  checkLink(link: Link): void {
    if (this.frameSize + 4 * maxFrameHead <= messageSizeOf(link)) return
    throw new NanopeerError('UNSUPPORTED', 'The new link takes only smaller messages than this session uses.')
  }

  attach(link: Link): void {
    this.link = link
    this.hasAsked = false
  }

  detach(): void {
    this.link = null
  }

  /** Looks in a microtask what may leave: all frames of one turn go together, at ~100 µs a message. */
  schedule(): void {
    if (this.flushing || !this.link) return
    this.flushing = true
    queueMicrotask(() => {
      this.flushing = false
      this.flush()
    })
  }

  /** The channel, or the acknowledgements, say how fast the path is. */
  acknowledged(count: number): void {
    const busy = !this.outbox.isEmpty || (this.link?.bufferedAmount ?? 0) > 0
    const freed = this.replay.acknowledge(count)
    this.hasAsked = false
    this.path.acknowledged(freed, this.options.clock.now(), busy)
  }

  /** Resolves when everything queued has been written, or the link is gone, at the latest after `timeout` ms. */
  drain(timeout: number): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.options.clock.after(timeout, resolve)
      this.whenDrained = () => {
        stop()
        resolve()
      }
      // Never at once: this may be called in the middle of a message, which others must not overtake.
      this.schedule()
    })
  }

  /** The session is over: what waits never leaves, and what it held is nobody's any more. */
  clear(): void {
    this.outbox.clear()
    this.replay.clear()
  }

  /** The link is gone: whoever waits for it to drain waits in vain. */
  giveUpDraining(): void {
    this.whenDrained?.()
  }

  /** Writes as many messages as the path has room for. */
  private flush(): void {
    for (;;) {
      const { link } = this
      if (!link) return
      // Most looks find nothing: those after a message was read, or written.
      if (this.outbox.isEmpty && !this.replay.isReplaying && !this.options.isOwed()) break
      const held = this.path.channelBytes
      link.lowWater = held / 2
      const free = held - link.bufferedAmount
      const acknowledgeable = this.isAcknowledgeable
      // Small frames may overrun what the channel should hold, but a remote that reads nothing gets no more of them.
      const canWrite = free > -held
      const room = {
        message: messageSizeOf(link),
        urgent: acknowledgeable && canWrite,
        small: smallBytes,
        replay: canWrite,
        bulk: acknowledgeable ? free : 0,
        frame: this.path.bulkFrame(this.frameSize),
      }
      const frames = takeFrames(room, this.outbox, this.replay, (alone) =>
        canWrite ? this.options.replies(alone) : [],
      )
      if (frames.length === 0) break
      try {
        this.options.write(borrowMessage(frames))
      } catch (cause) {
        // A payload that was transferred is detached from its bytes, and reading it throws.
        const message = 'The bytes of a body or an answer were transferred before the remote had them.'
        return this.options.failed(new NanopeerError('CONNECTION_LOST', message, { cause }))
      }
      tell(frames)
    }
    if (!this.hasAsked && !this.outbox.isEmpty && !this.isAcknowledgeable) {
      this.hasAsked = true
      this.options.ask()
    }
    if (this.outbox.isEmpty && !this.replay.isReplaying) this.whenDrained?.()
  }

  /** Whether the buffer of what is unacknowledged has room. */
  private get isAcknowledgeable(): boolean {
    const { held, limit } = this.options
    const bound = held.isFull ? heldFloor : this.path.unacknowledgedBytes(limit)
    return this.replay.bytes < bound && !this.replay.isFull
  }
}

/** Only now, when nothing can come in between any more: whoever hears of it may close, abort or ask anew. */
const tell = (frames: readonly OutgoingFrame[]): void => {
  for (const frame of frames) frame.written?.()
}
