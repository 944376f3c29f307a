import { LimitError } from '../limits'
import { throwLater } from '../store'

/** Messages that wait for the first listener, and bytes of them. */
const keptMessages = 1000
const keptBytes = 4 * 1024 * 1024

/** Plain messages of one connection: those that came before anybody listened are kept for the first listener. */
export class Messages {
  private readonly listeners = new Set<(value: unknown) => void>()
  private waiting: unknown[] = []
  private waitingBytes = 0
  /** Told once until somebody listens: a flood of messages must not become a flood of reports. */
  private isReported = false

  /** Returns the listener's undo. */
  listen(listener: (value: unknown) => void): () => void {
    this.listeners.add(listener)
    this.waitingBytes = 0
    this.isReported = false
    for (const value of this.waiting.splice(0)) this.tell(listener, value)
    return () => this.listeners.delete(listener)
  }

  /**
   * Tells the listeners, or keeps it. Returns why it is lost, where nobody was told so before.
   *
   * @param size its bytes on the wire
   */
  receive(value: unknown, size: number): LimitError | null {
    for (const listener of [...this.listeners]) this.tell(listener, value)
    if (this.listeners.size > 0) return null
    const isFull = this.waitingBytes + size > keptBytes && this.waiting.length > 0
    if (this.waiting.length < keptMessages && !isFull) {
      this.waiting.push(value)
      this.waitingBytes += size
      return null
    }
    if (this.isReported) return null
    this.isReported = true
    const text = 'Messages are dropped: nobody listens with onMessage().'
    return new LimitError('unreadMessages', 'OVERLOADED', text)
  }

  private tell(listener: (value: unknown) => void, value: unknown): void {
    try {
      listener(value)
    } catch (error) {
      throwLater(error)
    }
  }
}
