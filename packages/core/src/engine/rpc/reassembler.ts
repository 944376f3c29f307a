import { NanopeerError } from '../../base/errors'
import { LimitError } from '../../base/limits'
import type { Held } from '../session/held-bytes'
import type { Frame } from '../wire/frame'

/** What has come of one large value: a buffer that grows as it comes, however small the pieces are. */
interface Part {
  buffer: Uint8Array<ArrayBuffer>
  size: number
}

export interface ReassemblerLimits {
  /** Largest value in bytes; all streams together may hold twice that. */
  readonly messageSize: number
  /** Values that may be under way at once. */
  readonly values: number
}

/** Puts the fragments of large values together again, within limits. */
export class Reassembler {
  private readonly parts = new Map<number, Part>()
  /** Streams whose value was refused: the fragments of it that are still on their way mean nothing. */
  private readonly refused = new Set<number>()
  private held = 0

  /** @param shared where they count among those of all remotes */
  constructor(
    private readonly limits: ReassemblerLimits,
    private readonly shared: Pick<Held, 'isFull' | 'hold'> | null = null,
  ) {}

  /** Bytes of values that are not whole yet. */
  get bytes(): number {
    return this.held
  }

  /**
   * The whole payload, or null while more is to come.
   *
   * @throws `NanopeerError` `TOO_LARGE` for a value over the limit, `OVERLOADED` for too many at once, `PROTOCOL` for
   * an empty fragment, or too many of those that were refused.
   */
  add(frame: Frame): Uint8Array | null {
    if (this.refused.has(frame.stream)) {
      if (!frame.more) this.refused.delete(frame.stream)
      return null
    }
    const begun = this.parts.get(frame.stream)
    if (!begun && !frame.more && frame.payload.length <= this.limits.messageSize) return frame.payload
    if (frame.more && frame.payload.length === 0)
      throw new NanopeerError('PROTOCOL', 'The remote sent an empty fragment.')
    const part = begun ?? { buffer: new Uint8Array(0), size: 0 }
    this.parts.set(frame.stream, part)
    this.check(frame, part.size + frame.payload.length)
    append(part, frame.payload)
    this.hold(frame.payload.length)
    if (frame.more) return null
    this.forget(frame.stream)
    return part.buffer.subarray(0, part.size)
  }

  /** The stream is finished: what it had begun is of no use. */
  forget(stream: number): void {
    const part = this.parts.get(stream)
    if (part) this.hold(-part.size)
    this.parts.delete(stream)
    this.refused.delete(stream)
  }

  /** The session is over. */
  clear(): void {
    this.parts.clear()
    this.hold(-this.held)
  }

  private hold(bytes: number): void {
    this.held += bytes
    this.shared?.hold(bytes)
  }

  private check(frame: Frame, size: number): void {
    const { messageSize, values } = this.limits
    if (size > messageSize) {
      this.refuse(frame)
      const message = `A value may have at most ${messageSize} bytes; send more as a stream.`
      throw new LimitError('messageSize', 'TOO_LARGE', message)
    }
    const isOver = this.held + frame.payload.length > 2 * messageSize || this.parts.size > values
    if (isOver || this.shared?.isFull) {
      this.refuse(frame)
      const text = 'Too many large values are under way at once; try again later.'
      throw new LimitError('messageSize', 'OVERLOADED', text)
    }
  }

  private refuse(frame: Frame): void {
    this.forget(frame.stream)
    if (!frame.more) return
    this.refused.add(frame.stream)
    if (this.refused.size > this.limits.values)
      throw new NanopeerError('PROTOCOL', 'The remote goes on sending values that were refused.')
  }
}

/** Doubles the buffer where there is no room: a value that comes in single bytes costs no more than its size. */
const append = (part: Part, payload: Uint8Array): void => {
  const size = part.size + payload.length
  if (size > part.buffer.length) {
    const grown = new Uint8Array(Math.max(size, 2 * part.buffer.length))
    grown.set(part.buffer.subarray(0, part.size))
    part.buffer = grown
  }
  part.buffer.set(payload, part.size)
  part.size = size
}
