import { NanopeerError } from '../errors'
import { encodeFrames, FrameType } from '../wire/frame'
import { encodeVarint } from '../wire/varint'
import { Queue } from './queue'

interface Entry {
  /** Null for credit and cancel frames, which outlive what their stream sends. */
  readonly stream: number | null
  /** The frame as it was written, a view of its message; null once its stream was cancelled. */
  bytes: Uint8Array | null
}

/**
 * What was written and not yet acknowledged. It is what makes a lost link harmless, and its bound is what slows
 * writers when the other side cannot hear us.
 */
export class ReplayBuffer {
  private readonly entries = new Queue<Entry>()
  /** Counted frames written in this session. */
  sent = 0
  /** Counted frames that the other side is known to have. */
  acknowledged = 0
  /** Bytes held. */
  bytes = 0
  private cursor = 0

  add(stream: number | null, bytes: Uint8Array): void {
    this.entries.push({ stream, bytes })
    this.bytes += bytes.length
    this.sent++
    this.cursor++
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
      freed += this.entries.shift()?.bytes?.length ?? 0
      if (this.cursor > 0) this.cursor--
    }
    this.bytes -= freed
    return freed
  }

  /** Frees what a cancelled stream still holds: its place in the count stays, its bytes are not needed. */
  drop(stream: number): void {
    for (let index = 0; index < this.entries.length; index++) {
      const entry = this.entries.at(index) as Entry
      if (entry.stream !== stream || entry.bytes === null) continue
      this.bytes -= entry.bytes.length
      entry.bytes = null
    }
  }

  /** Starts over: everything held is to be written again. */
  rewind(): void {
    this.cursor = 0
  }

  get isReplaying(): boolean {
    return this.cursor < this.entries.length
  }

  /** The next bytes to write again, at most `space` long; null when they do not fit or nothing is left. */
  next(space: number): Uint8Array | null {
    const entry = this.entries.at(this.cursor)
    if (!entry) return null
    if (entry.bytes !== null) {
      if (entry.bytes.length > space) return null
      this.cursor++
      return entry.bytes
    }
    let skipped = 0
    while (this.entries.at(this.cursor + skipped)?.bytes === null) skipped++
    const bytes = encodeFrames({ type: FrameType.Skip, stream: 0, payload: encodeVarint(skipped) })
    if (bytes.length > space) return null
    this.cursor += skipped
    return bytes
  }
}
