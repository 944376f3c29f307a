import type { Clock } from '../base/clock'
import { IntMap } from '../base/int-map'

interface Deadline {
  readonly number: number
  /** On the clock. */
  readonly at: number
  readonly reached: () => void
}

/**
 * Many deadlines behind one timer: a timer for each costs a small request as much as all its encoding, and as a rule none
 * of them is ever reached (docs/decisions/0012).
 */
export class Deadlines {
  private readonly waiting = new IntMap<Deadline>()
  private count = 0
  private stopTimer: (() => void) | null = null
  /** When the timer goes off, on the clock. */
  private timerAt = Number.POSITIVE_INFINITY

  constructor(private readonly clock: Clock) {}

  /** Calls `reached` once, `ms` from now. Returns its undo. */
  after(ms: number, reached: () => void): () => void {
    const number = this.count++
    const at = this.clock.now() + ms
    this.waiting.set(number, { number, at, reached })
    if (at < this.timerAt) this.setTimer(at)
    return () => this.waiting.delete(number)
  }

  /** Nobody asks for anything now: a timer that waits for nothing would keep a process from its end. */
  rest(): void {
    if (this.waiting.size === 0) this.clearTimer()
  }

  private setTimer(at: number): void {
    this.clearTimer()
    this.timerAt = at
    this.stopTimer = this.clock.after(Math.max(0, at - this.clock.now()), () => this.judge())
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
    const waiting = this.waiting.values()
    const next = waiting.reduce((first, { at }) => (at > now ? Math.min(first, at) : first), this.timerAt)
    if (next < this.timerAt) this.setTimer(next)
    for (const { number, at, reached } of waiting) {
      // One that is reached may undo others.
      if (at > now || !this.waiting.get(number)) continue
      this.waiting.delete(number)
      reached()
    }
  }
}
