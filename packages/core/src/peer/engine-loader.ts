import { backoff } from '../backoff'
import type { Clock } from '../clock'
import type { Engine } from '../engine'
import { asNanopeerError, type NanopeerError } from '../errors'
import { loadEngine } from '../load-engine'
import type { Transport } from '../transport'
import type { ReconnectOptions } from '../types'

export interface EngineLoaderEvents {
  /** Another attempt, after one that failed. */
  attempted(): void
  loaded(engine: Engine): void
  /** `retryAt`: epoch ms of the next attempt. */
  failed(error: NanopeerError, retryAt: number): void
}

/** Loads the engine for one peer, again and again while it is wanted. */
export class EngineLoader {
  private isWanted = false
  private isLoading = false
  private failures = 0
  private stopTimer: (() => void) | null = null

  constructor(
    private readonly transport: Transport,
    private readonly clock: Clock,
    private readonly options: ReconnectOptions,
    private readonly events: EngineLoaderEvents,
  ) {}

  /** Somebody needs the engine. */
  start(): void {
    this.isWanted = true
    if (!this.stopTimer) void this.attempt()
  }

  /** Tries again now: the page came back, the network changed, somebody pressed Retry. */
  retry(): void {
    if (!this.stopTimer) return
    this.cancelTimer()
    this.events.attempted()
    void this.attempt()
  }

  /** Nobody needs it any more; one that is on its way is taken all the same. */
  stop(): void {
    this.isWanted = false
    this.cancelTimer()
  }

  private async attempt(): Promise<void> {
    if (this.isLoading) return
    this.isLoading = true
    try {
      this.events.loaded(await loadEngine(this.transport))
    } catch (error) {
      if (this.isWanted) this.wait(asNanopeerError(error))
    } finally {
      this.isLoading = false
    }
  }

  private wait(error: NanopeerError): void {
    const delay = backoff(this.failures++, this.options)
    this.stopTimer = this.clock.after(delay, () => this.retry())
    this.events.failed(error, Date.now() + delay)
  }

  private cancelTimer(): void {
    this.stopTimer?.()
    this.stopTimer = null
  }
}
