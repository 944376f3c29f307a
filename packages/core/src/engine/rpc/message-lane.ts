import type { NanopeerError } from '../../base/errors'
import type { FrameSource, OutgoingFrame } from '../session/outbox'
import { Queue } from '../session/queue'
import { FrameType } from '../wire/frame'
import type { Port } from './port'

interface Message {
  readonly payload: Uint8Array
  offset: number
  resolve(): void
  reject(error: NanopeerError): void
}

/** Plain messages on their way out: one lane, so that they keep their order whatever their sizes. */
export class MessageLane implements FrameSource {
  readonly stream = 0
  private readonly waiting = new Queue<Message>()
  private error: NanopeerError | null = null
  private offered = false

  constructor(private readonly port: Port) {}

  get size(): number {
    return this.waiting.length
  }

  /** Resolves when the message was written to a link. Rejects when the session ends before. */
  send(payload: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.error) return reject(this.error)
      this.waiting.push({ payload, offset: 0, resolve, reject })
      if (this.offered) return
      this.offered = true
      this.port.offer(this)
    })
  }

  next(limit: number): OutgoingFrame | null {
    const message = this.waiting.first
    if (!message) {
      this.offered = false
      return null
    }
    const payload = message.payload.subarray(message.offset, message.offset + limit)
    message.offset += payload.length
    const more = message.offset < message.payload.length
    if (!more) this.waiting.shift()
    return {
      type: FrameType.Message,
      stream: 0,
      payload,
      more,
      written: more ? undefined : message.resolve,
    }
  }

  /** What has not left by now never will. */
  abort(error: NanopeerError): void {
    this.error = error
    for (const message of this.waiting.clear()) message.reject(error)
  }
}
