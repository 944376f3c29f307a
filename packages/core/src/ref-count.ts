import type { Clock } from './base/clock'

/** Ms that something stays open after its last holder left: a route change or a remount does not close it. */
const releaseDelay = 1000

/** Holds something for one reason at a time: what it has taken is let go of when it takes another, or drops it. */
export class SerialDisposable {
  private release: (() => void) | null = null

  get isSet(): boolean {
    return this.release !== null
  }

  /** @param release lets go of what is held now */
  set(release: () => void): void {
    this.dispose()
    this.release = release
  }

  dispose(): void {
    const { release } = this
    this.release = null
    release?.()
  }
}

/**
 * Keeps something open while it has holders. Holders are judged in the next task, so that one that comes and goes
 * in the same turn (nanostores' `get()` listens and leaves) opens nothing.
 */
export class RefCount {
  private holders = 0
  private active = false
  private ended = false
  private releaseAt = 0
  private stopTimer: (() => void) | null = null

  /** @param changed called with true when it is first held, with false once nothing has held it for 1 s */
  constructor(
    private readonly clock: Clock,
    private readonly changed: (held: boolean) => void,
  ) {}

  get isHeld(): boolean {
    return this.active
  }

  /** Somebody holds it now: it stays open for a second after the last of them. */
  get hasHolders(): boolean {
    return this.holders > 0
  }

  /** Adds a holder; `immediately` opens in this turn. Returns its undo. */
  add(immediately = false): () => void {
    if (this.ended) return () => {}
    this.holders++
    if (immediately) this.activate()
    else if (!this.active) this.judge(0)
    let held = true
    return () => {
      if (!held || this.ended) return
      held = false
      this.holders--
      if (this.holders > 0 || !this.active) return
      this.releaseAt = this.clock.now() + releaseDelay
      this.judge(releaseDelay)
    }
  }

  /** Ends the hold for good, whoever still holds it: the owner is gone, and no timer of it stays behind. */
  dispose(): void {
    this.ended = true
    this.stopTimer?.()
    this.stopTimer = null
    this.active = false
  }

  /** One timer at a time, whatever the number of requests that come and go. */
  private judge(delay: number): void {
    this.stopTimer ??= this.clock.after(delay, () => {
      this.stopTimer = null
      if (this.holders > 0) return this.activate()
      if (!this.active) return
      const left = this.releaseAt - this.clock.now()
      if (left > 0) return this.judge(left)
      this.active = false
      this.changed(false)
    })
  }

  private activate(): void {
    if (this.active) return
    this.active = true
    this.changed(true)
  }
}
