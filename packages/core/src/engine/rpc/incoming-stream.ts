import { NanopeerError, type RequestError } from '../../base/errors'
import type { Held } from '../session/held-bytes'
import { Queue } from '../session/queue'
import { FrameType } from '../wire/frame'
import { encodeVarint } from '../wire/varint'
import { Handover } from './handover'
import type { Port } from './port'
import { ReceiveWindow } from './window'

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
  /** Bytes that wait. */
  private waiting = 0
  private readonly reader = new Handover<Item>(() => this.read(0, true))

  /**
   * @param read called with the size of what the reader took, and with `true` once it has everything
   * @param join puts an item behind one that still waits, where both are small: null where they stay apart
   * @param held where what waits counts
   */
  constructor(
    private readonly port: Port,
    private readonly stream: number,
    private readonly read: (bytes: number, finished: boolean) => void,
    private readonly join: (waiting: Item, item: Item) => Item | null = () => null,
    private readonly held: Pick<Held, 'hold'> | null = null,
  ) {
    this.window = new ReceiveWindow(port.clock, port.budget, port.limits.streamWindow)
  }

  /** True while a reader waits for something to arrive. */
  get isAwaited(): boolean {
    return this.reader.isAwaited
  }

  /**
   * Something arrived. `whole`: it may overrun its credit, once begun, because it goes out whole.
   *
   * @throws `NanopeerError` `PROTOCOL` when the sender ignores the window.
   */
  add(item: Item, size: number, whole = false): void {
    if (this.reader.isEnded) return
    const from = this.arrived
    this.arrived += size
    if (whole ? from >= this.window.allowed : this.arrived > this.window.allowed) {
      throw new NanopeerError('PROTOCOL', 'The remote sent more than the stream allows.')
    }
    if (this.reader.give(item)) this.consume(size)
    else this.keep(item, size)
  }

  /** Nothing more will arrive; `error` says why, where it is not the end. */
  finish(error: RequestError | null): void {
    this.window.release()
    this.reader.finish(error)
  }

  /** The next item, null at the end. One reader, one call at a time. Rejects with the stream's error. */
  take(): Promise<Item | null> {
    const first = this.items.shift()
    if (!first) return this.reader.wait()
    this.wait(-first.size)
    this.consume(first.size)
    return Promise.resolve(first.item)
  }

  /** Nobody wants what waits here: it is freed, what still comes is ignored, a late reader gets `error`. */
  discard(error: RequestError | null = null): void {
    this.items.clear()
    this.wait(-this.waiting)
    this.window.release()
    this.reader.discard(error)
  }

  private wait(bytes: number): void {
    this.waiting += bytes
    this.held?.hold(bytes)
  }

  private keep(item: Item, size: number): void {
    this.wait(size)
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
    const offset = this.reader.isEnded ? null : this.window.consume(size, this.port.roundTrip)
    if (offset === null) return
    this.port.push({ type: FrameType.Credit, stream: this.stream, payload: encodeVarint(offset) })
  }
}
