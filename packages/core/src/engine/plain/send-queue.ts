import type { Clock } from '../../base/clock'
import type { NanopeerError } from '../../base/errors'
import type { PlainChannel } from '../../base/transport'
import { Queue } from '../session/queue'

/** What the channel may hold, in bytes: more only delays what comes after. */
const highWater = 256 * 1024
/** Not every implementation reports that the buffer drained: while something waits it is looked at this often, ms. */
const lookAgain = 100
/**
 * How long a lost packet may take to come again, ms: Chromium waits 400 for an acknowledgement before it sends once
 * more. Source: `DcSctpOptions::rto_min`, https://webrtc.googlesource.com/src/+/main/net/dcsctp/public/dcsctp_options.h
 */
const resendTime = 500

interface Message {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** For the last message of a value. */
  readonly written?: { resolve(): void; reject(error: NanopeerError): void }
}

/** What waits to be sent on a plain channel. Requests, answers and messages overtake series of bytes. */
export class SendQueue {
  sent = 0
  private readonly values = new Queue<Message>()
  private readonly series = new Queue<Message>()
  private stopTimer: (() => void) | null = null
  private error: NanopeerError | null = null
  private readonly flushes: (() => void)[] = []

  constructor(
    private readonly channel: PlainChannel,
    private readonly clock: Clock,
  ) {
    channel.lowWater = highWater / 2
  }

  /** Messages that wait. */
  get length(): number {
    return this.values.length + this.series.length
  }

  /** Resolves when all of a value has been handed to the channel; rejects when it never will be. */
  write(messages: readonly Uint8Array<ArrayBuffer>[], isSeries = false): Promise<void> {
    if (this.error) return Promise.reject(this.error)
    return new Promise((resolve, reject) => {
      const queue = isSeries ? this.series : this.values
      messages.forEach((bytes, index) => {
        const isLast = index === messages.length - 1
        queue.push(isLast ? { bytes, written: { resolve, reject } } : { bytes })
      })
      this.pump()
    })
  }

  /** Resolves when what was written before has most likely arrived: on an unordered channel nothing else tells. */
  async settled(): Promise<void> {
    const hasLeft = () => this.error || (this.isEmpty && this.channel.bufferedAmount === 0)
    while (!hasLeft()) await this.sleep(lookAgain)
    await this.sleep(resendTime)
  }

  /** Resolves when everything has been handed to the channel, after `timeout` ms at the latest. */
  flushed(timeout: number): Promise<void> {
    if (this.isEmpty) return Promise.resolve()
    return new Promise((resolve) => {
      const stopTimer = this.clock.after(timeout, resolve)
      this.flushes.push(() => {
        stopTimer()
        resolve()
      })
    })
  }

  /** The buffer drained. */
  drained(): void {
    this.pump()
  }

  /** Nothing more goes out. */
  abort(error: NanopeerError): void {
    this.error = error
    this.stopTimer?.()
    for (const queue of [this.values, this.series]) {
      for (let message = queue.shift(); message; message = queue.shift()) message.written?.reject(error)
    }
    this.tellFlushed()
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.clock.after(ms, resolve))
  }

  private get isEmpty(): boolean {
    return this.length === 0
  }

  private pump(): void {
    this.stopTimer?.()
    this.stopTimer = null
    while (!this.isEmpty) {
      if (this.channel.bufferedAmount >= highWater) {
        this.stopTimer = this.clock.after(lookAgain, () => this.pump())
        return
      }
      const message = (this.values.shift() ?? this.series.shift()) as Message
      this.channel.send(message.bytes)
      this.sent += message.bytes.length
      message.written?.resolve()
    }
    this.tellFlushed()
  }

  private tellFlushed(): void {
    for (const resolve of this.flushes.splice(0)) resolve()
  }
}
