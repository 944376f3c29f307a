import type { Port } from './port'

/**
 * What one remote's answers may take while they wait to be written: a remote that asks and does not read would
 * otherwise make us keep any number of them. A single answer always has room.
 */
export class AnswerBudget {
  private bytes = 0

  constructor(private readonly port: Pick<Port, 'limits' | 'held'>) {}

  /** False when there is no room for an answer of this size now. */
  take(size: number): boolean {
    const { limits, held } = this.port
    const isFull = this.bytes + size > 2 * limits.messageSize || held.isFull
    if (isFull && this.bytes > 0) return false
    this.give(-size)
    return true
  }

  give(size: number): void {
    this.bytes -= size
    this.port.held.hold(-size)
  }
}
