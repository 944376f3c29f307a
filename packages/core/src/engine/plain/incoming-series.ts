import { NanopeerError, type RequestError } from '../../base/errors'
import { Handover } from '../rpc/handover'
import type { ReceiveBudget } from '../rpc/window'
import { Queue } from '../session/queue'
import { messageOverhead } from '../wire/limits'

/** A chunk of one byte takes more memory than a byte. */
const costOf = ({ length }: Uint8Array): number => length + messageOverhead

/**
 * A series of bytes as it arrives. Its sender cannot be slowed down, so what the reader has not taken yet is kept
 * here, within the peer's budget.
 */
export class IncomingSeries {
  private readonly chunks = new Queue<Uint8Array>()
  /** What it has of the budget. */
  private held = 0
  private readonly reader = new Handover<Uint8Array>(() => this.read(0, true))

  /** @param read called with the size of what the reader took, and with `true` once it has everything */
  constructor(
    private readonly budget: ReceiveBudget,
    private readonly read: (bytes: number, finished: boolean) => void,
  ) {}

  /** True while a reader waits for something to arrive. */
  get isAwaited(): boolean {
    return this.reader.isAwaited
  }

  /** @throws `NanopeerError` `OVERLOADED` when the reader has fallen too far behind. */
  add(bytes: Uint8Array): void {
    if (this.reader.isEnded || bytes.length === 0) return
    if (this.reader.give(bytes)) {
      this.read(bytes.length, false)
      return
    }
    const cost = costOf(bytes)
    if (!this.budget.take(cost)) {
      const message = 'The answer comes faster than it is read, and such a device cannot be slowed down.'
      throw new NanopeerError('OVERLOADED', message)
    }
    this.held += cost
    this.chunks.push(bytes)
  }

  /**
   * Nothing more will arrive; `error` says why, where it is not the end. What has arrived is still readable, and the
   * reader's own: whoever never reads it would keep others from the budget for good.
   */
  finish(error: RequestError | null): void {
    this.release(this.held)
    this.reader.finish(error)
  }

  /** Nobody wants what waits here; a late reader gets `error`. */
  discard(error: RequestError): void {
    this.chunks.clear()
    this.release(this.held)
    this.reader.discard(error)
  }

  /** The next chunk, null at the end. One reader, one call at a time. Rejects with the series' error. */
  take(): Promise<Uint8Array | null> {
    const first = this.chunks.shift()
    if (!first) return this.reader.wait()
    if (this.held > 0) this.release(costOf(first))
    this.read(first.length, false)
    return Promise.resolve(first)
  }

  private release(bytes: number): void {
    this.held -= bytes
    this.budget.give(bytes)
  }
}
