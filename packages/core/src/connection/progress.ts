import type { Clock } from '../base/clock'
import type { Progress } from '../base/types'

/** Stores and callbacks hear of progress at most once per animation frame of a 60 Hz screen, ms. */
const frameTime = 17

/** Counts what moved, and tells of it no faster than a screen can show. */
export class ProgressMeter {
  private stopTimer: (() => void) | null = null
  private stale = false
  current: Progress | null = null

  constructor(
    private readonly clock: Clock,
    private readonly changed: (progress: Progress) => void,
  ) {}

  /** Begins to count, from nothing: first an upload, then the answer. */
  start(total: number | null): void {
    this.current = total === null ? { loaded: 0 } : { loaded: 0, total }
    this.tell()
  }

  /** Nothing is counted until it starts. */
  reset(): void {
    this.current = null
  }

  add(bytes: number): void {
    if (!this.current || bytes === 0) return
    this.current = { ...this.current, loaded: this.current.loaded + bytes }
    this.tell()
  }

  /** Tells of the last bytes at once. */
  finish(): void {
    this.stopTimer?.()
    this.stopTimer = null
    if (this.stale && this.current) this.changed(this.current)
    this.stale = false
  }

  private tell(): void {
    this.stale = true
    this.stopTimer ??= this.clock.after(frameTime, () => {
      this.stopTimer = null
      this.stale = false
      if (this.current) this.changed(this.current)
    })
  }
}
