import { backoff } from '../base/backoff'
import type { Clock } from '../base/clock'
import { asNanopeerError, type NanopeerError } from '../base/errors'
import { ReloadError } from '../base/load'
import type { Transport } from '../base/transport'
import type { ReconnectOptions } from '../base/types'
import type { Engine } from '../engine'
import { loadEngine } from '../load-engine'

export interface EngineLoaderEvents {
  /** Another attempt, after one that failed. */
  attempted(): void
  loaded(engine: Engine): void
  /** `retryAt`: epoch ms of the next attempt, null where only a reload of the page helps. */
  failed(error: NanopeerError, retryAt: number | null): void
}

/** Loads the engine for one peer, again and again while it is wanted. */
export class EngineLoader {
  private isWanted = false
  private isLoading = false
  private failures = 0
  /** Ends the wait for the next attempt; there while one attempt has failed and the next has not begun. */
  private stopWaiting: (() => void) | null = null

  constructor(
    private readonly transport: Transport,
    private readonly clock: Clock,
    private readonly options: ReconnectOptions,
    private readonly events: EngineLoaderEvents,
  ) {}

  /** Somebody needs the engine. */
  start(): void {
    this.isWanted = true
    void this.attempt()
  }

  /** Tries again now: the page came back, the network changed, somebody pressed Retry. */
  retry(): void {
    if (!this.stopWaiting) return
    this.endWait()
    this.events.attempted()
    void this.attempt()
  }

  /** Nobody needs it any more; one that is on its way is taken all the same. */
  stop(): void {
    this.isWanted = false
    this.endWait()
  }

  private async attempt(): Promise<void> {
    if (this.isLoading) return
    this.isLoading = true
    const engine = await loadEngine(this.transport).catch(asNanopeerError)
    this.isLoading = false
    if (!(engine instanceof Error)) this.events.loaded(engine)
    else if (this.isWanted) this.wait(engine)
  }

  private wait(error: NanopeerError): void {
    if (error instanceof ReloadError) {
      this.stopWaiting = () => {}
      this.events.failed(error, null)
      return
    }
    const delay = backoff(this.failures++, this.options)
    this.stopWaiting = this.clock.after(delay, () => this.retry())
    this.events.failed(error, Date.now() + delay)
  }

  private endWait(): void {
    this.stopWaiting?.()
    this.stopWaiting = null
  }
}
