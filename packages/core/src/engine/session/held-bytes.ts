import type { Clock } from '../../base/clock'
import { NanopeerError } from '../../base/errors'
import { inTaskOfItsOwn } from '../../base/own-task'
import { heldFloor, maxHeldBytes } from '../wire/limits'

/** A remote that has let go of nothing for so long, ms, while others are in want, is given up. */
const staleAfter = 5000
/** How often somebody to give up is looked for, ms. */
const evictionInterval = 250

/** What one remote makes us hold. */
export interface Held {
  readonly bytes: number
  /** No more than what is needed to go on. */
  readonly isFull: boolean
  /** So many bytes more, or fewer. */
  hold(bytes: number): void
  /** Calls `look` once, in a task of its own, when anybody has let go of anything: there may be room. */
  whenReleased(look: () => void): void
}

/** What all sessions of one peer hold for their remotes together: a machine has only one memory. */
export class HeldBytes {
  total = 0
  /** Those who hold anything. */
  readonly holders = new Set<HeldShare>()
  private lookedAt = Number.NEGATIVE_INFINITY
  /** Those who wait for room. */
  private readonly waiting = new Set<() => void>()
  private isReleasing = false

  constructor(
    readonly clock: Clock,
    private readonly most = maxHeldBytes,
  ) {}

  get isFull(): boolean {
    return this.total >= this.most
  }

  /** What each may hold whatever the others do: half of all is for that. */
  get share(): number {
    return Math.max(heldFloor, this.most / 2 / Math.max(1, this.holders.size))
  }

  /** @param evict ends whatever it is that holds the share */
  enter(evict: (error: NanopeerError) => void): Held {
    return new HeldShare(this, evict)
  }

  whenReleased(look: () => void): void {
    this.waiting.add(look)
  }

  /** Once for all that is let go of in a turn. */
  released(): void {
    if (this.isReleasing || this.waiting.size === 0) return
    this.isReleasing = true
    void inTaskOfItsOwn(this.clock).then(() => {
      this.isReleasing = false
      const looks = [...this.waiting]
      this.waiting.clear()
      for (const look of looks) look()
    })
  }

  /** Somebody is in want: whoever holds most, over its share, and has let go of nothing for long is given up. */
  makeRoom(): void {
    const now = this.clock.now()
    if (now - this.lookedAt < evictionInterval) return
    this.lookedAt = now
    let largest: HeldShare | null = null
    let most = this.share
    for (const holder of this.holders) {
      if (holder.bytes <= most || now - holder.movedAt < staleAfter) continue
      largest = holder
      most = holder.bytes
    }
    if (!largest) return
    largest.evict(new NanopeerError('OVERLOADED', 'There is no memory left for this remote.'))
    // Once: what handlers hold that do not end is not let go of.
    largest.movedAt = Number.POSITIVE_INFINITY
  }
}

class HeldShare implements Held {
  bytes = 0
  /** When it last let go of anything, or began to hold. */
  movedAt = 0

  constructor(
    private readonly all: HeldBytes,
    readonly evict: (error: NanopeerError) => void,
  ) {}

  get isFull(): boolean {
    if (!this.all.isFull) return false
    this.all.makeRoom()
    return this.all.isFull && this.bytes >= this.all.share
  }

  hold(bytes: number): void {
    if (bytes < 0 || this.bytes === 0) this.movedAt = this.all.clock.now()
    this.bytes += bytes
    this.all.total += bytes
    if (this.bytes === 0) this.all.holders.delete(this)
    else this.all.holders.add(this)
    if (bytes < 0) this.all.released()
  }

  whenReleased(look: () => void): void {
    this.all.whenReleased(look)
  }
}
