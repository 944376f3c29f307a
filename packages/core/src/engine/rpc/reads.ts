import type { Clock } from '../../base/clock'
import { inTaskOfItsOwn } from '../../base/own-task'
import type { Held } from '../session/held-bytes'
import { Queue } from '../session/queue'

/** Sources that may be asked before one of them has answered, or the event loop has turned. */
const maxUnanswered = 8

/**
 * Lets the streams of one session ask their sources for more: not while the peer holds all that it may, and few at once, so
 * that what those bring is counted before the next are asked. A thousand asked in one turn would be a thousand chunks.
 */
export class Reads {
  private readonly waiting = new Queue<() => void>()
  private unanswered = 0
  private isScheduled = false
  private isWaitingForRoom = false

  constructor(
    private readonly clock: Clock,
    private readonly held: Held,
  ) {}

  /** Runs `read` now, or in its turn once there is room; it calls {@link answered}. */
  enter(read: () => void): void {
    this.waiting.push(read)
    this.advance()
  }

  /** What a source has brought is counted. */
  answered(): void {
    if (this.unanswered > 0) this.unanswered--
    this.advance()
  }

  private advance(): void {
    while (this.waiting.length > 0 && this.unanswered < maxUnanswered) {
      if (this.held.isFull) return this.waitForRoom()
      this.unanswered++
      this.waiting.shift()?.()
    }
    if (this.waiting.length > 0) this.schedule()
  }

  /** A source that takes its time holds up no other. */
  private schedule(): void {
    if (this.isScheduled) return
    this.isScheduled = true
    void inTaskOfItsOwn(this.clock).then(() => {
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
