import type { RequestError } from '../../base/errors'

interface Waiting<Item> {
  resolve(item: Item | null): void
  reject(error: RequestError): void
}

/** Between what arrives and its one reader: hands over what the reader waits for already, and tells it once of the end. */
export class Handover<Item> {
  private waiting: Waiting<Item> | null = null
  private end: { readonly error: RequestError | null } | null = null

  /** @param told called once the reader has learned of the end */
  constructor(private readonly told: () => void) {}

  /** True while a reader waits for something to arrive. */
  get isAwaited(): boolean {
    return this.waiting !== null
  }

  get isEnded(): boolean {
    return this.end !== null
  }

  /** False where nobody waits: it is to be kept then. */
  give(item: Item): boolean {
    const { waiting } = this
    this.waiting = null
    waiting?.resolve(item)
    return waiting !== null
  }

  /** The next item that arrives, null at the end. One call at a time. Rejects with the error it ended with. */
  wait(): Promise<Item | null> {
    if (!this.end) return new Promise((resolve, reject) => (this.waiting = { resolve, reject }))
    this.told()
    return this.end.error ? Promise.reject(this.end.error) : Promise.resolve(null)
  }

  /** Nothing more will arrive; `error` says why, where it is not the end. The first call counts. */
  finish(error: RequestError | null): void {
    if (this.end) return
    this.end = { error }
    const { waiting } = this
    this.waiting = null
    if (!waiting) return
    if (error) waiting.reject(error)
    else waiting.resolve(null)
    this.told()
  }

  /** The same, where what had arrived is gone, too: a late reader gets `error` even where it had ended well. */
  discard(error: RequestError | null): void {
    this.finish(error)
    this.end = { error: this.end?.error ?? error }
  }
}
