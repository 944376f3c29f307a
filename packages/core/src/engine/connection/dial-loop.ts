import { backoff } from '../../base/backoff'
import type { Clock } from '../../base/clock'
import { asNanopeerError, type NanopeerError } from '../../base/errors'
import type { ReconnectOptions } from '../../base/types'

/**
 * So many links in a row that lived shorter than this, ms, and brought nothing are followed by another at once; then
 * the back-off begins, or a remote that hangs up as soon as it is connected would be dialled for ever, as fast as that
 * goes.
 */
const settledAfter = 1000
const quickLosses = 5

export interface DialLoopEvents {
  /** One attempt, to the end of the handshake; aborted by its signal. */
  attempt(signal: AbortSignal): Promise<void>
  /** An attempt failed that nobody had stopped. */
  failed(error: NanopeerError): void
  /** The next attempt is due at `retryAt` (epoch ms), or begins now (null). */
  scheduled(retryAt: number | null): void
}

/** One dial at a time, and the wait until the next one. */
export class DialLoop {
  private attempt: AbortController | null = null
  private failures = 0
  /** Links in a row that hardly came about. */
  private losses = 0
  /** When the last link came up; null once it has been followed by a wait. */
  private openedAt: number | null = null
  private stopTimer: (() => void) | null = null

  constructor(
    private readonly clock: Clock,
    private readonly options: ReconnectOptions,
    private readonly events: DialLoopEvents,
  ) {}

  get isDialling(): boolean {
    return this.attempt !== null
  }

  get isWaiting(): boolean {
    return this.stopTimer !== null
  }

  /** Dials now, instead of at the next due time; nothing where a dial is under way. */
  start(): void {
    if (this.attempt) return
    this.cancelTimer()
    void this.run()
  }

  /** The link is gone: dials now, unless this goes on and on. `hasMoved`: it was of use while it lasted. */
  again(hasMoved: boolean): void {
    this.losses = hasMoved || this.isSettled ? 0 : this.losses + 1
    if (this.losses < quickLosses) this.start()
    else this.retry()
  }

  /** Dials after the back-off. `late`: after the longest. */
  retry(late = false): void {
    if (this.attempt || this.stopTimer) return
    if (this.isSettled) this.failures = 0
    this.openedAt = null
    const delay = backoff(late ? Number.POSITIVE_INFINITY : this.failures++, this.options)
    this.stopTimer = this.clock.after(delay, () => this.start())
    this.events.scheduled(Date.now() + delay)
  }

  /** A link is up. Once it has lasted, the next failure is the first one again. */
  succeeded(): void {
    this.openedAt = this.clock.now()
    this.cancelTimer()
  }

  private get isSettled(): boolean {
    return this.openedAt !== null && this.clock.now() - this.openedAt >= settledAfter
  }

  /** Gives up the dial under way, and the next one. */
  stop(reason: NanopeerError): void {
    this.cancelTimer()
    this.attempt?.abort(reason)
    this.attempt = null
  }

  private async run(): Promise<void> {
    const attempt = new AbortController()
    this.attempt = attempt
    this.events.scheduled(null)
    try {
      await this.events.attempt(attempt.signal)
      if (this.attempt === attempt) this.attempt = null
    } catch (error) {
      // Whoever stopped this attempt has gone on without it.
      if (this.attempt !== attempt) return
      this.attempt = null
      this.events.failed(asNanopeerError(error))
    }
  }

  private cancelTimer(): void {
    this.stopTimer?.()
    this.stopTimer = null
  }
}
