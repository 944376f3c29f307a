import { NanopeerError } from '../errors'
import type { Frame } from '../wire/frame'

/** Puts the fragments of large values together again, within limits. */
export class Assembler {
  private readonly parts = new Map<number, { chunks: Uint8Array[]; size: number }>()
  /** Streams whose value was refused: the fragments of it that are still on their way mean nothing. */
  private readonly refused = new Set<number>()
  private held = 0

  /** @param limit largest value in bytes; all streams together may hold twice that */
  constructor(private readonly limit: number) {}

  /**
   * The whole payload, or null while more is to come.
   *
   * @throws `NanopeerError` `TOO_LARGE` for a value over the limit, `OVERLOADED` for too many at once.
   */
  add(frame: Frame): Uint8Array | null {
    if (this.refused.has(frame.stream)) {
      if (!frame.more) this.refused.delete(frame.stream)
      return null
    }
    const begun = this.parts.get(frame.stream)
    if (!begun && !frame.more) return frame.payload
    const part = begun ?? { chunks: [], size: 0 }
    this.parts.set(frame.stream, part)
    part.chunks.push(frame.payload)
    part.size += frame.payload.length
    this.held += frame.payload.length
    if (part.size > this.limit) {
      this.refuse(frame)
      throw new NanopeerError(
        'TOO_LARGE',
        `A value may have at most ${this.limit} bytes; send more as a stream.`,
      )
    }
    if (this.held > 2 * this.limit) {
      this.refuse(frame)
      throw new NanopeerError('OVERLOADED', 'Too many large values are under way at once; try again later.')
    }
    if (frame.more) return null
    const whole = new Uint8Array(part.size)
    let offset = 0
    for (const chunk of part.chunks) {
      whole.set(chunk, offset)
      offset += chunk.length
    }
    this.forget(frame.stream)
    return whole
  }

  /** The stream is finished: what it had begun is of no use. */
  forget(stream: number): void {
    this.held -= this.parts.get(stream)?.size ?? 0
    this.parts.delete(stream)
    this.refused.delete(stream)
  }

  private refuse(frame: Frame): void {
    this.forget(frame.stream)
    if (frame.more) this.refused.add(frame.stream)
  }
}
