import type { Clock } from '../../src/base/clock'
import type { LinkEvents, LinkStats, PlainChannel } from '../../src/base/transport'
import { type Codec, createCodec } from '../../src/engine/plain/codec'
import type { Wire } from './article/envelope'
import { decodeWhole } from './decode-whole'

export interface ChannelOptions {
  readonly serialization?: string
  /** False: messages may pass each other. @default true */
  readonly ordered?: boolean
  readonly maxMessageSize?: number | null
  /** Ms that a message takes; asked for each. @default 1 */
  readonly delay?: () => number
  /** Bytes per ms that leave the buffer; without it they leave at once. */
  readonly rate?: number
  /** The same of the other end, where it differs. */
  readonly farRate?: number
}

/** One end of a data channel in memory, to a peer that is not nanopeer. */
export class TestChannel implements PlainChannel {
  readonly metadata = undefined
  readonly serialization
  readonly ordered
  readonly maxMessageSize
  lowWater = 0
  maxUnread = 65_536
  other!: TestChannel
  /** Sizes of what was sent. */
  readonly sizes: number[] = []
  isClosed = false
  packetsSeen: number | null = null
  /** The most that its buffer has held. */
  peak = 0
  private freeAt = 0
  private arriveAt = 0
  private reader: LinkEvents | null = null
  private readonly unread: Uint8Array[] = []

  constructor(
    readonly remoteId: string,
    private readonly clock: Clock,
    private readonly options: ChannelOptions,
  ) {
    this.serialization = options.serialization ?? 'binary'
    this.ordered = options.ordered ?? true
    this.maxMessageSize = options.maxMessageSize ?? 262_144
  }

  get bufferedAmount(): number {
    const { rate } = this.options
    return rate === undefined ? 0 : Math.max(0, Math.round((this.freeAt - this.clock.now()) * rate))
  }

  listen(events: LinkEvents): () => void {
    this.reader = events
    for (const message of this.unread.splice(0)) events.message(message)
    return () => {
      this.reader = null
    }
  }

  send(message: Uint8Array<ArrayBuffer>): void {
    if (this.isClosed) return
    const { rate, delay = () => 1, ordered = true } = this.options
    const copy = message.slice()
    const now = this.clock.now()
    this.sizes.push(copy.length)
    this.freeAt = Math.max(now, this.freeAt) + (rate === undefined ? 0 : copy.length / rate)
    this.peak = Math.max(this.peak, this.bufferedAmount)
    const arrival = this.freeAt + delay()
    this.arriveAt = ordered ? Math.max(this.arriveAt, arrival) : arrival
    this.clock.after(this.arriveAt - now, () => this.other.receive(copy))
    // Told once for every message: whether the buffer is low enough is for the listener to see.
    if (rate !== undefined) this.clock.after(this.freeAt - now, () => this.reader?.drained())
  }

  /** Resolves when what is buffered has left. */
  close(): Promise<void> {
    if (this.isClosed) return Promise.resolve()
    this.isClosed = true
    return new Promise((resolve) => {
      this.clock.after(Math.max(this.freeAt - this.clock.now(), 0) + 2, () => {
        this.other.break()
        resolve()
      })
    })
  }

  /** The channel is gone. */
  break(): void {
    if (this.isClosed) return
    this.isClosed = true
    this.reader?.closed(true)
  }

  async stats(): Promise<LinkStats> {
    return { route: 'direct', rtt: 2, packetsSeen: this.packetsSeen }
  }

  private receive(message: Uint8Array): void {
    if (this.isClosed) return
    if (this.reader) this.reader.message(message)
    else this.unread.push(message)
  }
}

/** Both ends of a channel. */
export const channelPair = (clock: Clock, options: ChannelOptions = {}): [TestChannel, TestChannel] => {
  const near = new TestChannel('far', clock, options)
  const { farRate = options.rate } = options
  const far = new TestChannel('near', clock, { ...options, rate: farRate })
  near.other = far
  far.other = near
  return [near, far]
}

/** A channel as PeerJS shows it to its user: values in, values out. */
export const wireOver = (channel: TestChannel): Wire & { readonly codec: Codec } => {
  const { serialization, maxMessageSize } = channel
  const codec = createCodec(serialization, { maxMessageSize, messageSize: 64 * 1024 * 1024 })
  const listeners: ((value: unknown) => void)[] = []
  channel.listen({
    message(bytes) {
      const decoded = decodeWhole(codec, bytes)
      if (decoded.kind === 'value') for (const listener of listeners) listener(decoded.value)
    },
    drained() {},
    closed() {},
  })
  return {
    codec,
    send(value) {
      for (const message of codec.encode(value)) channel.send(message)
    },
    on: (_event, listener) => listeners.push(listener),
  }
}
