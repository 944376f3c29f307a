import type { Clock } from '../../base/clock'
import type { Held } from '../session/held-bytes'

/** Sources that may be asked before one of them has answered, or {@link patience} is over. */
const maxUnanswered = 8
/** How long others wait for sources that take their time, ms. A disk answers sooner, and of those behind a network 400 are asked a second. */
const patience = 20

/**
 * Lets the streams of one session ask their sources for more: not while the peer holds all that it may, and few at once, so
 * that what those bring is counted before the next are asked. A thousand asked in one turn would be a thousand chunks.
 */
export class Reads {
  /** In the order in which they came. */
  private readonly waiting = new Set<() => void>()
  private unanswered = 0
  private isDue = false
  private isScheduled = false
  private isWaitingForRoom = false

  constructor(
    private readonly clock: Clock,
    private readonly held: Pick<Held, 'isFull' | 'whenReleased'>,
  ) {}

  /**
   * Runs `read` in its turn, once there is room; then {@link answered} is to be called. Never at once: whoever asks may be
   * in the middle of writing. Returns how to leave before.
   */
  enter(read: () => void): () => void {
    this.waiting.add(read)
    this.advanceSoon()
    return () => this.waiting.delete(read)
  }

  /** What a source has brought is counted. */
  answered(): void {
    if (this.unanswered > 0) this.unanswered--
    this.advanceSoon()
  }

  private advanceSoon(): void {
    if (this.isDue || this.waiting.size === 0) return
    this.isDue = true
    queueMicrotask(() => {
      this.isDue = false
      this.advance()
    })
  }

  private advance(): void {
    for (const read of this.waiting) {
      if (this.unanswered >= maxUnanswered) return this.schedule()
      if (this.held.isFull) return this.waitForRoom()
      this.waiting.delete(read)
      this.unanswered++
      read()
    }
  }

  /** A source that takes its time holds up no other. */
  private schedule(): void {
    if (this.isScheduled) return
    this.isScheduled = true
    this.clock.after(patience, () => {
      this.isScheduled = false
      this.unanswered = 0
      this.advance()
    })
  }

  private waitForRoom(): void {
    if (this.isWaitingForRoom) return
    this.isWaitingForRoom = true
    this.held.whenReleased(() => {
      this.isWaitingForRoom = false
      this.advance()
    })
  }
}
