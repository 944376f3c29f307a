import type { Clock } from '../../base/clock'
import { messageOverhead } from '../wire/limits'
import { Queue } from './queue'
import type { Unread } from './unread'

/**
 * What may wait to be read of one link, bytes. A remote within its own limits has no more under way than it may leave
 * unacknowledged (8 MiB), because what waits here is not acknowledged.
 */
const maxWaiting = 32 * 1024 * 1024
/** The same of all links of a peer: each has an even part of it, where that is less. */
const maxWaitingOfAll = 256 * 1024 * 1024
/** What is read of one link before others have their turn, bytes: at least one message, or many small ones. */
const perTurn = 16 * 1024

/** Shared by all sessions of a peer: whether there is anybody else to be fair to. */
export class FairReads {
  live = 0
  /** Who is in the middle of a large value: one at a time, so that no more than one is in memory in two forms. */
  inMiddle: FairReader | null = null

  constructor(private readonly clock: Clock) {}

  /** A link begins to be read. */
  enter(): FairReader {
    return new FairReader(this.clock, this)
  }
}

/**
 * Reads one link's messages so that other links have their turns. WebRTC holds nobody back: a remote that sends faster
 * than it can be read fills the event loop's queue, and everybody else's messages wait behind its own. So a message
 * that arrives close behind another one of its link waits for a task of its own, and a large value is read over several.
 */
export class FairReader {
  private waiting = new Queue<{ size: number; read: () => Unread }>()
  /** Bytes that wait. */
  bytes = 0
  /** Bytes left of the present turn. */
  private left = 0
  private isScheduled = false
  /** The rest of the message that is being read. */
  private unread: Unread = null
  private isOver = false

  constructor(
    private readonly clock: Clock,
    private readonly turns: FairReads,
  ) {
    turns.live++
  }

  /** Runs `read` now or in its turn, in order. False when too much waits already. */
  take(size: number, read: () => Unread): boolean {
    if (this.isOver) return true
    if (this.isScheduled && (this.unread || this.waiting.length > 0 || this.left <= 0)) {
      this.waiting.push({ size, read })
      this.bytes += size + messageOverhead
      return this.bytes <= Math.min(maxWaiting, maxWaitingOfAll / this.turns.live)
    }
    if (this.turns.live > 1 && !this.isScheduled) this.schedule()
    this.left -= size
    this.read(read)
    if (this.unread && !this.isScheduled) this.schedule()
    return true
  }

  /** What still waits is never read; a message that is being read is read to its end, because it counts as received. */
  dispose(): void {
    if (this.isOver) return
    this.isOver = true
    this.turns.live--
    this.waiting = new Queue()
    this.bytes = 0
    this.read(this.unread)
  }

  private read(read: Unread): void {
    this.unread = null
    let unread = read?.() ?? null
    while (unread && this.isOver) unread = unread()
    this.unread = unread
    if (unread) this.turns.inMiddle ??= this
    else if (this.turns.inMiddle === this) this.turns.inMiddle = null
  }

  private schedule(): void {
    this.isScheduled = true
    this.left = perTurn
    const next = () => {
      this.isScheduled = false
      if (this.unread || this.waiting.length > 0) this.schedule()
      if (this.unread) {
        if ((this.turns.inMiddle ?? this) === this) this.read(this.unread)
        return
      }
      while (this.left > 0 && !this.unread) {
        const message = this.waiting.shift()
        if (!message) return
        this.left -= message.size
        this.bytes -= message.size + messageOverhead
        this.read(message.read)
      }
    }
    if (this.clock.soon) this.clock.soon(next)
    else this.clock.after(0, next)
  }
}
