import type { Clock } from '../../src/base/clock'

interface Timer {
  readonly at: number
  /** Timers due at the same time run in the order in which they were set. */
  readonly order: number
  readonly run: () => void
  stopped: boolean
}

const isBefore = (a: Timer, b: Timer): boolean => (a.at === b.at ? a.order < b.order : a.at < b.at)

/**
 * Lets everything that is not waiting for time run on. Node runs a tick only when no promise callback is left, so one
 * is enough for promises; what goes through the event loop (Blobs, WebCrypto) needs {@link VirtualClock.settle}.
 */
const drain = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve))

/** A clock that stands still until it is told to go on, and then jumps from timer to timer. */
export class VirtualClock implements Clock {
  private time = 0
  private count = 0
  private heap: Timer[] = []
  private stoppedCount = 0

  now(): number {
    return this.time
  }

  after(ms: number, run: () => void): () => void {
    const timer: Timer = { at: this.time + Math.max(0, ms), order: this.count++, run, stopped: false }
    this.add(timer)
    return () => {
      if (timer.stopped) return
      timer.stopped = true
      this.stoppedCount++
      // Most timers are stopped before they are due; without this the heap would be full of them.
      if (this.stoppedCount > 64 && this.stoppedCount * 2 > this.heap.length) this.sweep()
    }
  }

  /** Timers that are set. */
  get pending(): number {
    return this.heap.length - this.stoppedCount
  }

  /** Runs what is due within `ms`, then stands at that time. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms
    await drain()
    while (await this.step(end)) await drain()
    this.time = end
  }

  /**
   * Runs timers until the condition holds.
   *
   * @throws when it does not hold within `limit` ms of virtual time, or when nothing is left that could make it hold.
   */
  async runUntil(condition: () => boolean, limit = 600_000): Promise<void> {
    const end = this.time + limit
    await drain()
    while (!condition()) {
      if (!(await this.step(end))) {
        await this.settle()
        if (condition()) return
        if (this.next && this.next.at <= end) continue
        const why = this.pending === 0 ? 'no timer is left' : `${limit} ms have passed`
        throw new Error(`The condition did not come true, and ${why}.`)
      }
      await drain()
    }
  }

  /** Runs timers until the promise has settled, within `limit` ms of virtual time; its own outcome is kept. */
  async settled<Value>(promise: Promise<Value>, limit?: number): Promise<Value> {
    let done = false
    const mark = () => {
      done = true
    }
    promise.then(mark, mark)
    await this.runUntil(() => done, limit)
    return promise
  }

  /** Gives what goes through the real event loop a few turns. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
  }

  private get next(): Timer | undefined {
    while (this.heap[0]?.stopped) {
      this.pop()
      this.stoppedCount--
    }
    return this.heap[0]
  }

  private async step(end: number): Promise<boolean> {
    const timer = this.next
    if (!timer || timer.at > end) return false
    this.pop()
    // A stop after this is no stop: the timer is no longer in the heap.
    timer.stopped = true
    this.time = timer.at
    timer.run()
    return true
  }

  private add(timer: Timer): void {
    const { heap } = this
    let index = heap.push(timer) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!isBefore(timer, heap[parent] as Timer)) break
      heap[index] = heap[parent] as Timer
      index = parent
    }
    heap[index] = timer
  }

  private pop(): void {
    const { heap } = this
    const last = heap.pop() as Timer
    if (heap.length === 0) return
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Timer, heap[child] as Timer)) child++
      if (!isBefore(heap[child] as Timer, last)) break
      heap[index] = heap[child] as Timer
      index = child
    }
    heap[index] = last
  }

  private sweep(): void {
    const live = this.heap.filter((timer) => !timer.stopped)
    this.heap = []
    this.stoppedCount = 0
    for (const timer of live) this.add(timer)
  }
}
