import type { Clock } from '../../base/clock'

/** Ms a session waits for its next link. */
export const defaultResumeTimeout = 30_000
/**
 * A channel that the remote closed without a goodbye: most likely its page is gone, and what it said last was lost. It
 * gets so many ms to show that it wants to go on: to dial, which it does at once if at all, or to answer our dial.
 */
export const goneTimeout = { dialled: 800, dialling: 2000 }

/**
 * How long a session waits for its next link. The time runs from the first sign that the present one is lost; what is
 * learned later about the same link does not begin it anew.
 */
export class ResumeTimer {
  private since = 0
  private stop: (() => void) | null = null

  /**
   * @param timeout ms, at most
   * @param gaveUp hears how many ms it were
   */
  constructor(
    private readonly clock: Clock,
    private readonly timeout: number,
    private readonly gaveUp: (waited: number) => void,
  ) {}

  /** The link is lost, or silent. `atMost` ms where there is little hope. */
  begin(atMost = this.timeout): void {
    if (this.stop) return
    this.since = this.clock.now()
    this.wait(Math.min(atMost, this.timeout))
  }

  /** The remote is on its way: it gets all the time there is. */
  extend(): void {
    if (!this.stop) return
    this.stop()
    this.wait(this.timeout - (this.clock.now() - this.since))
  }

  /** A link is there, or nothing is waited for any more. */
  end(): void {
    this.stop?.()
    this.stop = null
  }

  private wait(time: number): void {
    this.stop = this.clock.after(time, () => {
      this.stop = null
      this.gaveUp(Math.round(this.clock.now() - this.since))
    })
  }
}
