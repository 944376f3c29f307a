/** Seconds for which a client may save up what it does not send. A dial is some twenty messages at once. */
const saved = 10
/** Longest pause at once, in ms: a client that hangs up meanwhile is noticed after that. */
const longestPause = 5_000

/**
 * How many messages one client may send now. Who sends more is not disconnected: it is not read for a while, so that
 * TCP makes it wait. Two numbers for each client, where a limiter with a table and a promise for every message would
 * cost more than the message.
 */
export class MessageCredit {
  #left: number
  #countedAt: number
  readonly #perSecond: number

  constructor(perSecond: number, now: number) {
    this.#perSecond = perSecond
    this.#left = perSecond * saved
    this.#countedAt = now
  }

  /**
   * Counts one message.
   *
   * @param weight as how many it counts
   * @returns for how many ms the client should not be read, mostly 0
   */
  spend(now: number, weight = 1): number {
    const earned = Math.max(0, now - this.#countedAt) * (this.#perSecond / 1000)
    this.#countedAt = now
    this.#left = Math.min(this.#perSecond * saved, this.#left + earned) - weight
    return this.#left >= 0 ? 0 : Math.min(longestPause, Math.ceil((-this.#left / this.#perSecond) * 1000))
  }
}
