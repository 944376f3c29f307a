import type { Exchange } from '../engine/connection/keeper'
import type { OutgoingRequest, OutgoingRequestEvents } from '../engine/rpc/outgoing-call'
import type { NanopeerError, RequestError } from '../errors'

/** What a request is sent over, once it is there. */
interface Asker {
  ask(ask: OutgoingRequest, events: OutgoingRequestEvents): Exchange
}

/** A request that is sent when there is something to send it over. */
export class WaitingAsk implements Exchange {
  readonly answer: Promise<unknown>
  private reject!: (error: RequestError) => void
  private exchange: Exchange | null = null
  private over = false

  /** @param opened rejects when nothing will be there */
  constructor(
    private readonly ask: OutgoingRequest,
    private readonly events: OutgoingRequestEvents,
    opened: Promise<Asker>,
  ) {
    this.answer = new Promise((resolve, reject) => {
      this.reject = reject
      const begin = (asker: Asker) => {
        if (this.over) return
        this.exchange = asker.ask(ask, events)
        this.exchange.answer.then(resolve, reject)
      }
      opened.then(begin, (error: NanopeerError) => this.cancel(error))
    })
  }

  cancel(error: NanopeerError): void {
    if (this.exchange) return this.exchange.cancel(error)
    if (this.over) return
    this.over = true
    this.ask.body?.source.cancel(error)
    this.reject(error)
    this.events.closed()
    this.events.finished(error)
  }
}
