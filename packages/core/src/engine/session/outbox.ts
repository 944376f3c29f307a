import { type Frame, isControl, payloadSize } from '../wire/frame'
import { Queue } from './queue'
import { StreamQueue } from './stream-queue'

/** A frame on its way out; `written` is called when it was handed to a link. */
export interface OutgoingFrame extends Frame {
  readonly written?: () => void
}

/** Something with more to send than one frame: it is asked for the next one when its turn comes. */
export interface FrameSource {
  readonly stream: number
  /** A frame of at most `limit` payload bytes, or null when it has none now (offer it again when it has). */
  next(limit: number): OutgoingFrame | null
}

/**
 * What waits to be written, in the order in which it may leave: control frames (credit, cancel) always, then small
 * frames in their order, then sources in turns, a frame each.
 */
export class Outbox {
  private readonly control = new Queue<OutgoingFrame>()
  private readonly urgent = new StreamQueue<OutgoingFrame>()
  private readonly sources = new StreamQueue<FrameSource>()

  push(frame: OutgoingFrame): void {
    const queue = isControl(frame.type) ? this.control : this.urgent
    queue.push(frame)
  }

  /** Gives a source its place in the ring. The caller offers it once, and again only after `next` gave null. */
  offer(source: FrameSource): void {
    this.sources.push(source)
  }

  /** Takes back what a stream has waiting; credit and cancel frames stay. */
  withdraw(stream: number): void {
    this.urgent.remove(stream)
    this.sources.remove(stream)
  }

  /** Nothing more leaves. */
  clear(): void {
    this.control.clear()
    this.urgent.clear()
    this.sources.clear()
  }

  /** Frames and sources that wait. */
  get length(): number {
    return this.control.length + this.urgent.length + this.sources.length
  }

  /** Whether a frame waits that may not be held up by stream data. */
  get hasSmall(): boolean {
    return this.control.length + this.urgent.length > 0
  }

  get isEmpty(): boolean {
    return this.length === 0
  }

  /**
   * The next frame that there is room for, if its payload fits into `space` bytes of the message being built.
   *
   * @param urgent whether requests, answers and other small frames may leave
   * @param bulk the largest payload of stream data, bytes; 0 for none
   */
  next(urgent: boolean, bulk: number, space: number): OutgoingFrame | null {
    const small = this.control.length > 0 ? this.control : urgent ? this.urgent : null
    if (small?.first) return payloadSize(small.first) <= space ? (small.shift() as OutgoingFrame) : null
    if (bulk === 0) return null
    for (let turns = this.sources.length; turns > 0; turns--) {
      const source = this.sources.shift()
      // Asked for a frame, a source may have ended others.
      if (!source) break
      const frame = source.next(Math.min(space, bulk))
      if (frame === null) continue
      this.sources.push(source)
      return frame
    }
    return null
  }
}
