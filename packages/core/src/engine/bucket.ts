import type { Clock } from '../base/clock'

/** So many in so many ms, from the first one on. */
export class Bucket {
  private since = Number.NEGATIVE_INFINITY
  private count = 0

  constructor(
    private readonly clock: Clock,
    private readonly most: number,
    private readonly interval: number,
  ) {}

  /** Whether there is room for one more; takes it. */
  take(): boolean {
    const now = this.clock.now()
    if (now - this.since >= this.interval) {
      this.since = now
      this.count = 0
    }
    return ++this.count <= this.most
  }
}
