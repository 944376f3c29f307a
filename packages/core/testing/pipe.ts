import type { Clock } from '../src/base/clock'

/** What a network does to everything that travels. Shared by all its links, and changed while they live. */
export interface PathQuality {
  /** Ms from one end to the other. */
  delay: number
  /** Bytes per ms, each way. */
  rate: number
}

interface Packet {
  readonly deliver: () => void
  /** Bytes that were still to leave when the pipe was last timed. */
  unsent: number
  leavesAt: number
}

/**
 * One direction of a link: what is sent leaves at the path's rate and arrives after its delay, in order, each
 * packet in a task of its own.
 */
export class Pipe {
  /** Below this many buffered bytes `drained` is called. */
  private threshold = 0
  private queue: Packet[] = []
  private readonly arrivals = new Set<() => void>()
  private stopDrain: (() => void) | null = null
  private freeAt = 0
  private stalled = false

  constructor(
    private readonly clock: Clock,
    private readonly path: PathQuality,
    private readonly drained: () => void,
  ) {}

  /** Bytes that have not left yet. */
  get buffered(): number {
    if (this.stalled) return this.queue.reduce((sum, packet) => sum + packet.unsent, 0)
    return Math.max(0, Math.round((this.freeAt - this.clock.now()) * this.path.rate))
  }

  get isStalled(): boolean {
    return this.stalled
  }

  get lowWater(): number {
    return this.threshold
  }

  set lowWater(bytes: number) {
    if (bytes === this.threshold) return
    this.threshold = bytes
    if (!this.stopDrain) return
    this.stopDrain()
    this.watchDrain()
  }

  send(size: number, deliver: () => void): void {
    const packet = { deliver, unsent: size, leavesAt: 0 }
    this.queue.push(packet)
    if (this.stalled) return
    this.time(packet)
    if (!this.stopDrain && this.buffered > this.threshold) this.watchDrain()
  }

  /** Nothing leaves and nothing arrives until {@link resume}. */
  stall(): void {
    if (this.stalled) return
    const now = this.clock.now()
    for (const packet of this.queue) {
      packet.unsent = Math.min(packet.unsent, Math.max(0, packet.leavesAt - now) * this.path.rate)
    }
    this.stopTimers()
    this.stalled = true
  }

  /** Goes on where it stalled. What was on its way is sent again, as SCTP does, and takes the whole delay. */
  resume(): void {
    if (!this.stalled) return
    this.stalled = false
    this.freeAt = 0
    for (const packet of this.queue) this.time(packet)
    if (this.buffered > this.threshold) this.watchDrain()
  }

  /** Applies a change of the path to what is on its way, too. */
  retime(change: () => void): void {
    const { stalled } = this
    this.stall()
    change()
    if (!stalled) this.resume()
  }

  /** Drops what has not left. */
  dropUnsent(): void {
    const { stalled } = this
    this.stall()
    this.queue = this.queue.filter((packet) => packet.unsent === 0)
    if (!stalled) this.resume()
  }

  /** Drops everything, for good. */
  clear(): void {
    this.stopTimers()
    this.queue = []
    this.freeAt = 0
  }

  private time(packet: Packet): void {
    const now = this.clock.now()
    this.freeAt = Math.max(now, this.freeAt) + packet.unsent / this.path.rate
    packet.leavesAt = this.freeAt
    const stop = this.clock.after(this.freeAt + this.path.delay - now, () => {
      this.arrivals.delete(stop)
      // The oldest, whichever timer this is: timers round to milliseconds and may pass each other.
      this.queue.shift()?.deliver()
    })
    this.arrivals.add(stop)
  }

  private watchDrain(): void {
    const lowAt = this.freeAt - this.threshold / this.path.rate
    this.stopDrain = this.clock.after(Math.max(0, lowAt - this.clock.now()), () => {
      this.stopDrain = null
      // One byte of tolerance: the times are sums of fractions.
      if (this.buffered > this.threshold + 1) this.watchDrain()
      else this.drained()
    })
  }

  private stopTimers(): void {
    for (const stop of this.arrivals) stop()
    this.arrivals.clear()
    this.stopDrain?.()
    this.stopDrain = null
  }
}
