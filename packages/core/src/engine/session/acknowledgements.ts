import type { Clock } from '../../base/clock'
import { NanopeerError } from '../../base/errors'
import { type Frame, FrameType } from '../wire/frame'
import { acknowledgeBytes, acknowledgeDelay } from '../wire/limits'
import { decodeVarint, encodeVarint } from '../wire/varint'

/** What has arrived, and what is owed for it: acknowledgements, piggybacked where possible, and a pong. */
export class Acknowledgements {
  /** Counted frames received in this session. */
  received = 0
  private receivedBytes = 0
  private acknowledged = 0
  /** An acknowledgement has waited long enough, and goes even by itself. */
  private isDue = false
  /** Left to run when an acknowledgement goes: one timer serves many requests. */
  private stopTimer: (() => void) | null = null
  /** What the latest ping asks back. One at a time: a flood of pings is answered once per message. */
  private pong: Uint8Array | null = null

  /** @param due something has to be said, even by itself */
  constructor(
    private readonly clock: Clock,
    private readonly due: () => void,
  ) {}

  /** @throws `NanopeerError` `PROTOCOL` for a count out of range. */
  count(frame: Frame): void {
    this.received += frame.type === FrameType.Skip ? decodeVarint(frame.payload) : 1
    if (!Number.isSafeInteger(this.received)) {
      throw new NanopeerError('PROTOCOL', 'The remote skipped too far.')
    }
    this.receivedBytes += frame.payload.length
    if (this.receivedBytes >= acknowledgeBytes) this.hurry()
    else {
      this.stopTimer ??= this.clock.after(acknowledgeDelay, () => {
        this.stopTimer = null
        this.hurry()
      })
    }
  }

  /** @throws `NanopeerError` `PROTOCOL` for a ping that asks back more than a number. */
  pinged(payload: Uint8Array): void {
    if (payload.length > 8) throw new NanopeerError('PROTOCOL', 'The remote sent an oversized ping.')
    this.pong = payload.slice()
  }

  /** Something has to be said even by itself. */
  get isOwed(): boolean {
    return this.pong !== null || (this.isDue && this.received > this.acknowledged)
  }

  /**
   * What goes along in a message. `alone`: nothing else is in it, so an acknowledgement goes only if it is due, or asked
   * for by a ping.
   */
  replies(alone: boolean): Frame[] {
    const replies: Frame[] = []
    if (this.received > this.acknowledged && (!alone || this.isDue || this.pong)) {
      replies.push({ type: FrameType.Acknowledge, stream: 0, payload: encodeVarint(this.received) })
      this.acknowledged = this.received
      this.receivedBytes = 0
      this.isDue = false
    }
    if (this.pong) {
      replies.push({ type: FrameType.Pong, stream: 0, payload: this.pong })
      this.pong = null
    }
    return replies
  }

  /** READY has told the other side what we have. */
  told(): void {
    this.acknowledged = this.received
  }

  /** The link is gone, and with it what was owed on it. */
  reset(): void {
    this.pong = null
    this.isDue = false
    this.stopTimer?.()
    this.stopTimer = null
  }

  private hurry(): void {
    if (this.received === this.acknowledged) return
    this.isDue = true
    this.due()
  }
}
