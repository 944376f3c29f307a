import type { Clock } from '../../base/clock'
import { channelDelay, initialWindow } from '../wire/limits'

/** What all streams of a peer together may add to their windows, bytes: a reader's machine has only one memory. */
const receiveBudget = 64 * 1024 * 1024

/** Shared by all streams of one peer; every stream has its floor besides. */
export class ReceiveBudget {
  private left = receiveBudget

  take(bytes: number): boolean {
    if (bytes > this.left) return false
    this.left -= bytes
    return true
  }

  give(bytes: number): void {
    this.left += bytes
  }
}

/** What the sender's channel holds is on its way, too: a window that it fills alone would stop the sender, ms. */
const queueTime = channelDelay / 4

/**
 * How far ahead of its reader one stream may run. It starts at the floor and doubles while a reader that is faster
 * than the path empties half a window within two round trips and the sender's own queue: then it was the window that
 * held the path back (the rule of QUIC's and gRPC's auto-tuning). A slow reader never makes it grow.
 */
export class ReceiveWindow {
  /** The absolute offset up to which the sender may send. */
  allowed = initialWindow
  private size = initialWindow
  private consumed = 0
  private grantedAt: number

  constructor(
    private readonly clock: Clock,
    private readonly budget: ReceiveBudget,
    private readonly limit: number,
  ) {
    this.grantedAt = clock.now()
  }

  /** The reader took `bytes`. Returns the new absolute offset to grant, or null while it is not worth a frame. */
  consume(bytes: number, roundTrip: number | null): number | null {
    this.consumed += bytes
    if (this.allowed - this.consumed > this.size / 2) return null
    const now = this.clock.now()
    const limitedByWindow = now - this.grantedAt < 2 * (roundTrip ?? 0) + queueTime
    if (limitedByWindow && this.size * 2 <= this.limit && this.budget.take(this.size)) this.size *= 2
    this.grantedAt = now
    this.allowed = this.consumed + this.size
    return this.allowed
  }

  /** Gives back what it had of the budget. */
  release(): void {
    this.budget.give(this.size - initialWindow)
    this.size = initialWindow
  }
}
