import { NanopeerError } from '../../base/errors'
import { IntMap } from '../../base/int-map'
import { type Frame, FrameType, frameSize, isControl, noPayload } from '../wire/frame'
import { maxUnacknowledgedFrames } from '../wire/limits'
import { encodeVarint } from '../wire/varint'
import type { Held } from './held-bytes'
import { Queue } from './queue'

/** A frame as it will be written again: its payload is the sender's own, not a copy. */
interface Entry extends Frame {
  head: Uint8Array | undefined
  payload: Uint8Array
  /** What it counts for while it is held; 0 once its stream was cancelled. */
  weight: number
  /** The next one of the same stream. */
  next: Entry | null
  /** The last one of it, where this is the first. */
  last: Entry | null
}

/**
 * What was written and not yet acknowledged. It is what makes a lost link harmless, and its bound is what slows
 * writers when the other side cannot hear us.
 */
export class ReplayBuffer {
  private readonly entries = new Queue<Entry>()
  /** The first of what each stream holds here: a cancelled one is found without a search through all the others. */
  private readonly streams = new IntMap<Entry>()
  /** Counted frames written in this session. */
  sent = 0
  /** Counted frames that the other side is known to have. */
  acknowledged = 0
  /** Bytes held. */
  bytes = 0
  private cursor = 0

  constructor(private readonly held: Held) {}

  /** Frames held: a remote that never acknowledges must not make us keep any number of tiny ones. */
  get length(): number {
    return this.entries.length
  }

  /** No more may be written than control frames, whatever the limit in bytes. */
  get isFull(): boolean {
    return this.length >= maxUnacknowledgedFrames
  }

  /** A frame takes its place in the count. */
  add({ type, stream, head, payload, more }: Frame): void {
    const entry: Entry = { type, stream, head, payload, more, weight: 0, next: null, last: null }
    entry.weight = frameSize(entry)
    this.entries.push(entry)
    this.hold(entry.weight)
    this.sent++
    this.cursor++
    // Credit and cancel frames outlive what their stream sends.
    if (isControl(type)) return
    const first = this.streams.get(stream)
    if (first) {
      const last = first.last ?? first
      last.next = entry
      first.last = entry
    } else this.streams.set(stream, entry)
  }

  /**
   * Forgets what the other side has. Returns the bytes that were freed.
   *
   * @throws `NanopeerError` `PROTOCOL` for a count beyond what was sent, or below what it has already said.
   */
  acknowledge(count: number): number {
    if (count > this.sent || count < this.acknowledged) {
      throw new NanopeerError('PROTOCOL', 'The remote acknowledged frames that were never sent.')
    }
    let freed = 0
    for (; this.acknowledged < count; this.acknowledged++) {
      const entry = this.entries.shift()
      if (entry) freed += this.forget(entry)
      if (this.cursor > 0) this.cursor--
    }
    this.hold(-freed)
    return freed
  }

  /** Frees what a cancelled stream still holds: its place in the count stays, its bytes are not needed. */
  drop(stream: number): void {
    let entry = this.streams.get(stream) ?? null
    this.streams.delete(stream)
    for (; entry; entry = entry.next) {
      this.hold(-entry.weight)
      entry.weight = 0
      entry.head = undefined
      entry.payload = noPayload
    }
  }

  /** The session is over: what it held is nobody's any more. */
  clear(): void {
    this.entries.clear()
    this.streams.clear()
    this.hold(-this.bytes)
  }

  /** Starts over: everything held is to be written again. */
  rewind(): void {
    this.cursor = 0
  }

  get isReplaying(): boolean {
    return this.cursor < this.entries.length
  }

  /** The next frame to write again, if it takes at most `space` bytes; null when it does not, or nothing is left. */
  next(space: number): Frame | null {
    const entry = this.entries.at(this.cursor)
    if (!entry) return null
    if (entry.weight > 0) {
      if (entry.weight > space) return null
      this.cursor++
      // A frame of its own: the entry is emptied where its stream is cancelled before this one is encoded.
      const { type, stream, head, payload, more } = entry
      return { type, stream, head, payload, more }
    }
    let skipped = 0
    while (this.entries.at(this.cursor + skipped)?.weight === 0) skipped++
    const skip = { type: FrameType.Skip, stream: 0, payload: encodeVarint(skipped) }
    if (frameSize(skip) > space) return null
    this.cursor += skipped
    return skip
  }

  private hold(bytes: number): void {
    this.bytes += bytes
    this.held.hold(bytes)
  }

  private forget(entry: Entry): number {
    // A stream that was cancelled has let go of this entry already; its control frames were never among these.
    if (this.streams.get(entry.stream) === entry) {
      const { next, last } = entry
      if (next) {
        next.last = last
        this.streams.set(entry.stream, next)
      } else this.streams.delete(entry.stream)
    }
    return entry.weight
  }
}
