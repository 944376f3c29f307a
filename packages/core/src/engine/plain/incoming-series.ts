import { NanopeerError, type RequestError } from '../../errors'
import type { ReceiveBudget } from '../rpc/window'
import { messageOverhead } from '../wire/limits'

interface Waiting {
  resolve(bytes: Uint8Array | null): void
  reject(error: RequestError): void
}

/** A chunk of one byte takes more memory than a byte. */
const costOf = ({ length }: Uint8Array): number => length + messageOverhead

/**
 * A series of bytes as it arrives. Its sender cannot be slowed down, so what the reader has not taken yet is kept
 * here, within the peer's budget.
 */
export class Series {
  private readonly chunks: Uint8Array[] = []
  private waiting: Waiting | null = null
  private end: { readonly error: RequestError | null } | null = null

  /** @param read called with the size of what the reader took, and with `true` once it has everything */
  constructor(
    private readonly budget: ReceiveBudget,
    private readonly read: (bytes: number, finished: boolean) => void,
  ) {}

  get unread(): number {
    return this.chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  }

  /** True while a reader waits for something to arrive. */
  get isAwaited(): boolean {
    return this.waiting !== null
  }

  /** @throws `NanopeerError` `OVERLOADED` when the reader has fallen too far behind. */
  add(bytes: Uint8Array): void {
    if (this.end || bytes.length === 0) return
    const { waiting } = this
    this.waiting = null
    if (waiting) {
      waiting.resolve(bytes)
      this.read(bytes.length, false)
      return
    }
    if (!this.budget.take(costOf(bytes))) {
      const message = 'The answer comes faster than it is read, and such a device cannot be slowed down.'
      throw new NanopeerError('OVERLOADED', message)
    }
    this.chunks.push(bytes)
  }

  /** Nothing more will arrive; `error` says why, where it is not the end. What has arrived is still readable. */
  finish(error: RequestError | null): void {
    if (this.end) return
    this.end = { error }
    const { waiting } = this
    this.waiting = null
    if (!waiting) return
    if (error) waiting.reject(error)
    else waiting.resolve(null)
    this.read(0, true)
  }

  /** Nobody wants what waits here; a late reader gets `error`. */
  discard(error: RequestError): void {
    for (const chunk of this.chunks.splice(0)) this.budget.give(costOf(chunk))
    this.finish(error)
    this.end = { error: this.end?.error ?? error }
  }

  /** For one reader. */
  toStream(cancel: () => void): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          const chunk = await this.take()
          if (chunk === null) controller.close()
          else controller.enqueue(chunk)
        },
        cancel,
      },
      { highWaterMark: 0 },
    )
  }

  private async take(): Promise<Uint8Array | null> {
    const first = this.chunks.shift()
    if (first) {
      this.budget.give(costOf(first))
      this.read(first.length, false)
      return first
    }
    if (!this.end) return new Promise((resolve, reject) => (this.waiting = { resolve, reject }))
    this.read(0, true)
    if (this.end.error) throw this.end.error
    return null
  }
}
