import type { Clock } from '../base/clock'

/** Who is told when its time is over. */
export interface Waiter {
  /** When that is, on the clock; infinite for never. */
  readonly lateAt: number
  late(): void
}

/**
 * Many deadlines behind one timer: a timer for each costs a small request as much as all its encoding, and as a rule none
 * of them is ever reached (docs/decisions/0012).
 */
export class Deadlines {
  private stopTimer: (() => void) | null = null
  /** When the timer goes off, on the clock. */
  private timerAt = Number.POSITIVE_INFINITY

  /** @param waiting all who may have a deadline, looked at when the first of them is due */
  constructor(
    private readonly clock: Clock,
    private readonly waiting: () => readonly Waiter[],
  ) {}

  /** Somebody is late at `at`, on the clock. */
  set(at: number): void {
    if (at >= this.timerAt) return
    this.clearTimer()
    this.timerAt = at
    this.stopTimer = this.clock.after(Math.max(0, at - this.clock.now()), () => this.judge())
  }

  /** Nobody asks for anything now: a timer that waits for nothing would keep a process from its end. */
  rest(): void {
    if (this.waiting().every(({ lateAt }) => lateAt === Number.POSITIVE_INFINITY)) this.clearTimer()
  }

  private clearTimer(): void {
    this.stopTimer?.()
    this.stopTimer = null
    this.timerAt = Number.POSITIVE_INFINITY
  }

  private judge(): void {
    // Timers may go off a little early; what this one was set for is due all the same.
    const now = Math.max(this.clock.now(), this.timerAt)
    this.clearTimer()
    const waiting = this.waiting()
    for (const { lateAt } of waiting) if (lateAt > now) this.set(lateAt)
    // One that is late may end others, which then are not.
    for (const waiter of waiting) if (waiter.lateAt <= now) waiter.late()
  }
}
