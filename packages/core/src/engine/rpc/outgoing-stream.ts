import type { RequestError } from '../../base/errors'
import type { FrameSource, OutgoingFrame } from '../session/outbox'
import { encodeFailure } from '../wire/failure'
import { FrameType, noPayload } from '../wire/frame'
import { itemOverhead, messageOverhead } from '../wire/limits'
import type { Source } from './byte-source'
import { type Port, sendValue } from './port'

/** Read ahead of the path by this much, so that a turn in the ring never finds an empty hand. */
const readAhead = 256 * 1024

/** What was read of the source and waits. */
interface Chunk {
  /** What of it was not written yet. */
  rest: Uint8Array
  /** What it takes in memory until the last of it is written, bytes. */
  readonly weight: number
}

export interface OutgoingStreamEvents {
  /** `bytes` more have been written. */
  progress(bytes: number): void
  /** END or FAIL has been written: this side is done. */
  finished(): void
}

/**
 * Sends one stream at its reader's pace: the source is asked for more only while there is credit, so a reader that
 * stops stops the producer on this machine.
 */
export class OutgoingStream implements FrameSource {
  private readonly chunks: Chunk[] = []
  /** Bytes of them that were not written yet. */
  private held = 0
  private offset = 0
  private granted = 0
  /** An item goes out whole once begun; bytes are cut wherever the credit ends. */
  private begun = false
  private reading = false
  private offered = false
  private ending: OutgoingFrame | null = null
  private stopped = false
  /** Takes back that the source is to be asked. */
  private leaveReads = () => {}

  /** @param type DATA, whose payloads are one run of bytes, or ITEM, whose payloads are values */
  constructor(
    private readonly port: Port,
    readonly stream: number,
    private readonly type: FrameType,
    private readonly source: Source,
    private readonly events: OutgoingStreamEvents,
  ) {
    source.latest?.start(() => this.wake())
  }

  /** Looks again: the link opened, credit came, a chunk left. */
  wake(): void {
    if (this.stopped) return
    this.read()
    const hasMore = this.held > 0 || this.source.latest?.isDue
    const canSend = this.ending !== null || (hasMore && (this.begun || this.credit > 0))
    if (this.offered || !canSend) return
    this.offered = true
    this.port.offer(this)
  }

  /** The reader allows bytes up to `offset`, counted from the start of the stream. */
  grant(offset: number): void {
    // Absolute, so that a repeated or late grant does no harm.
    this.granted = Math.max(this.granted, offset)
    this.wake()
  }

  /** Stops here: the reader wants no more, or the session is over. */
  abort(reason: unknown): void {
    if (this.stopped) return
    this.stopped = true
    this.leaveReads()
    for (const chunk of this.chunks.splice(0)) this.release(chunk)
    this.port.withdraw(this.stream)
    if (this.ending === null) this.source.cancel(reason)
  }

  next(limit: number): OutgoingFrame | null {
    const frame = this.stopped ? null : this.take(limit)
    if (frame === null) this.offered = false
    return frame
  }

  private get credit(): number {
    return Math.max(this.granted, this.port.remoteWindow) - this.offset
  }

  private take(limit: number): OutgoingFrame | null {
    if (this.held === 0 && this.credit > 0) this.hold(this.source.latest?.take() ?? null)
    const chunk = this.chunks[0]
    if (chunk === undefined) {
      const ending = this.ending
      if (ending === null || this.stopped) return null
      this.stopped = true
      if (ending.payload.length <= limit) return { ...ending, written: () => this.events.finished() }
      sendValue(this.port, ending.type, this.stream, ending.payload, () => this.events.finished())
      return null
    }
    const isItem = this.type === FrameType.Item
    if (!this.begun && this.credit <= 0) return null
    const { rest } = chunk
    const size = Math.min(rest.length, limit, isItem ? limit : this.credit)
    const more = isItem && size < rest.length
    if (isItem && !this.begun) this.offset += itemOverhead
    this.begun = more
    if (size === rest.length) {
      this.chunks.shift()
      this.release(chunk)
    } else chunk.rest = rest.subarray(size)
    this.held -= size
    this.offset += size
    this.read()
    return {
      type: this.type,
      stream: this.stream,
      payload: rest.subarray(0, size),
      more,
      written: () => this.events.progress(size),
    }
  }

  private read(): void {
    if (this.reading || this.ending !== null || this.stopped || this.source.latest) return
    if (this.held >= readAhead || this.held >= this.credit) return
    this.reading = true
    this.leaveReads = this.port.reads.enter(() =>
      this.source.next().then(
        (payload) => {
          if (payload === null) this.ending = { type: FrameType.End, stream: this.stream, payload: noPayload }
          else this.hold(payload)
          this.answered()
        },
        (error: RequestError) => {
          this.ending = { type: FrameType.Fail, stream: this.stream, payload: encodeFailure(error) }
          this.answered()
        },
      ),
    )
  }

  private answered(): void {
    this.reading = false
    this.port.reads.answered()
    this.wake()
  }

  private hold(payload: Uint8Array | null): void {
    // Of one that was stopped while its source was asked nobody would let go again.
    if (payload === null || payload.length === 0 || this.stopped) return
    const weight = payload.length + messageOverhead
    this.chunks.push({ rest: payload, weight })
    this.held += payload.length
    this.port.held.hold(weight)
  }

  private release({ weight }: Chunk): void {
    this.port.held.hold(-weight)
  }
}
