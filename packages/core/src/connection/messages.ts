import { NanopeerError } from '../errors'
import { throwLater } from '../publish'

/** Messages that wait for the first listener. */
const keptMessages = 1000

/** Plain messages of one connection: those that came before anybody listened are kept for the first listener. */
export class Messages {
  private readonly listeners = new Set<(value: unknown) => void>()
  private waiting: unknown[] = []

  /** @param report hears that messages were lost because nobody listens */
  constructor(private readonly report: (error: unknown) => void) {}

  /** Returns the listener's undo. */
  listen(listener: (value: unknown) => void): () => void {
    this.listeners.add(listener)
    for (const value of this.waiting.splice(0)) this.tell(listener, value)
    return () => this.listeners.delete(listener)
  }

  receive(value: unknown): void {
    for (const listener of [...this.listeners]) this.tell(listener, value)
    if (this.listeners.size > 0) return
    if (this.waiting.length < keptMessages) this.waiting.push(value)
    else
      this.report(new NanopeerError('OVERLOADED', 'A message was dropped: nobody listens with onMessage().'))
  }

  private tell(listener: (value: unknown) => void, value: unknown): void {
    try {
      listener(value)
    } catch (error) {
      throwLater(error)
    }
  }
}
