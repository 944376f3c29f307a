import type { Clock } from '../../base/clock'
import { type Frame, FrameType } from '../wire/frame'
import { decodeVarint, encodeVarint } from '../wire/varint'

/** Pings that may be under way; older ones have been lost. */
const keptPings = 8

/** Our pings on the present link, and the round trips they measure. */
export class Pings {
  private readonly sentAt = new Map<number, number>()
  private count = 0

  constructor(private readonly clock: Clock) {}

  next(): Frame {
    const id = ++this.count
    this.sentAt.set(id, this.clock.now())
    if (this.sentAt.size > keptPings) this.sentAt.delete(this.sentAt.keys().next().value as number)
    return { type: FrameType.Ping, stream: 0, payload: encodeVarint(id) }
  }

  /** Asks for an acknowledgement, in the middle of bulk: its round trip says nothing about the path. */
  ask(): Frame {
    return { type: FrameType.Ping, stream: 0, payload: encodeVarint(0) }
  }

  /** The round trip that a pong measures, ms; null for a ping that was given up, or never measured. */
  answered(payload: Uint8Array): number | null {
    const id = decodeVarint(payload)
    const sentAt = this.sentAt.get(id)
    this.sentAt.delete(id)
    return sentAt === undefined ? null : this.clock.now() - sentAt
  }

  reset(): void {
    this.sentAt.clear()
  }
}
