import type { RequestError } from '../../base/errors'

/** An `AbortSignal` that is made when somebody first looks: most handlers never do, and making one is slow. */
export class AbortSwitch {
  private controller: AbortController | null = null
  private reason: RequestError | null = null

  get isAborted(): boolean {
    return this.reason !== null
  }

  get signal(): AbortSignal {
    if (!this.controller) {
      this.controller = new AbortController()
      if (this.reason) this.controller.abort(this.reason)
    }
    return this.controller.signal
  }

  /** Only the first reason counts. */
  abort(reason: RequestError): void {
    this.reason ??= reason
    this.controller?.abort(reason)
  }
}
