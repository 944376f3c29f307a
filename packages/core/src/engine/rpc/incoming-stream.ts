import { NanopeerError, type RequestError } from '../../errors'
import { Queue } from '../session/queue'
import { FrameType } from '../wire/frame'
import { encodeVarint } from '../wire/varint'
import type { Port } from './port'
import { ReceiveWindow } from './window'

interface Waiting<Item> {
  resolve(item: Item | null): void
  reject(error: RequestError): void
}

interface Arrived<Item> {
  item: Item
  size: number
}

/**
 * What has arrived of one stream and was not read yet. Reading grants the sender more; not reading stops it. What
 * arrived before an error is still readable.
 */
export class IncomingStream<Item> {
  private readonly items = new Queue<Arrived<Item>>()
  private readonly window: ReceiveWindow
  private arrived = 0
  private waitingBytes = 0
  private waiting: Waiting<Item> | null = null
  private end: { error: RequestError | null } | null = null

  /**
   * @param read called with the size of what the reader took, and with `true` once it has everything
   * @param join puts an item behind one that still waits, where both are small: null where they stay apart
   */
  constructor(
    private readonly port: Port,
    private readonly stream: number,
    private readonly read: (bytes: number, finished: boolean) => void,
    private readonly join: (waiting: Item, item: Item) => Item | null = () => null,
  ) {
    this.window = new ReceiveWindow(port.clock, port.budget, port.limits.streamWindow)
  }

  /** True while a reader waits for something to arrive. */
  get isAwaited(): boolean {
    return this.waiting !== null
  }

  /**
   * Something arrived. `whole`: it may overrun its credit, once begun, because it goes out whole.
   *
   * @throws `NanopeerError` `PROTOCOL` when the sender ignores the window.
   */
  add(item: Item, size: number, whole = false): void {
    if (this.end) return
    const from = this.arrived
    this.arrived += size
    if (whole ? from >= this.window.allowed : this.arrived > this.window.allowed) {
      throw new NanopeerError('PROTOCOL', 'The remote sent more than the stream allows.')
    }
    if (this.waiting) {
      const { resolve } = this.waiting
      this.waiting = null
      resolve(item)
      this.consume(size)
    } else this.keep(item, size)
  }

  /** Nothing more will arrive; `error` says why, where it is not the end. */
  finish(error: RequestError | null): void {
    if (this.end) return
    this.end = { error }
    this.window.release()
    const { waiting } = this
    this.waiting = null
    if (!waiting) return
    if (error) waiting.reject(error)
    else waiting.resolve(null)
    this.read(0, true)
  }

  /** The next item, null at the end. One reader, one call at a time. Rejects with the stream's error. */
  take(): Promise<Item | null> {
    const first = this.items.shift()
    if (first) {
      this.waitingBytes -= first.size
      this.consume(first.size)
      return Promise.resolve(first.item)
    }
    if (!this.end) return new Promise((resolve, reject) => (this.waiting = { resolve, reject }))
    this.read(0, true)
    return this.end.error ? Promise.reject(this.end.error) : Promise.resolve(null)
  }

  /** Nobody wants what waits here: it is freed, what still comes is ignored, a late reader gets `error`. */
  discard(error: RequestError | null = null): void {
    this.items.clear()
    this.waitingBytes = 0
    this.finish(error)
    this.end = { error: this.end?.error ?? error }
  }

  private keep(item: Item, size: number): void {
    this.waitingBytes += size
    const { last } = this.items
    const joined = last && this.join(last.item, item)
    if (!last || !joined) {
      this.items.push({ item, size })
      return
    }
    last.item = joined
    last.size += size
  }

  private consume(size: number): void {
    this.read(size, false)
    const offset = this.end ? null : this.window.consume(size, this.port.roundTrip)
    if (offset === null) return
    this.port.push({ type: FrameType.Credit, stream: this.stream, payload: encodeVarint(offset) })
  }
}
