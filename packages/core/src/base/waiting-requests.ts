import type { Exchange, OutgoingRequest, OutgoingRequestEvents } from '../engine'
import { cancelBody } from './body'
import type { NanopeerError } from './errors'

/** What requests and messages are sent over, once it is there. */
export interface Carrier {
  request(request: OutgoingRequest, events: OutgoingRequestEvents): Exchange
  send(payload: Uint8Array): Promise<void>
}

interface Waiting {
  begin(carrier: Carrier): void
  fail(error: NanopeerError): void
}

/** Requests and messages that wait for something to be sent over, or for room there, in the order in which they were made. */
export class WaitingRequests {
  private readonly waiting = new Set<Waiting>()

  /** @param changed their number changed */
  constructor(private readonly changed: () => void) {}

  get size(): number {
    return this.waiting.size
  }

  request(request: OutgoingRequest, events: OutgoingRequestEvents): Exchange {
    const exchange = new WaitingExchange(request, events, () => this.remove(exchange))
    this.add(exchange)
    return exchange
  }

  send(payload: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.add({ begin: (carrier) => carrier.send(payload).then(resolve, reject), fail: reject })
    })
  }

  /** There is something now: everything goes out, or as much as there is room for. */
  handOver(carrier: Carrier, hasRoom = () => true): void {
    for (const entry of this.waiting) {
      if (!hasRoom()) break
      this.waiting.delete(entry)
      entry.begin(carrier)
    }
    this.changed()
  }

  /** There will be nothing. */
  fail(error: NanopeerError): void {
    for (const entry of this.waiting) entry.fail(error)
    this.waiting.clear()
    this.changed()
  }

  private add(entry: Waiting): void {
    this.waiting.add(entry)
    this.changed()
  }

  private remove(entry: Waiting): void {
    if (this.waiting.delete(entry)) this.changed()
  }
}

/** A request that is sent when there is something to send it over. */
class WaitingExchange implements Exchange, Waiting {
  readonly answer: Promise<unknown>
  private resolve!: (answer: unknown) => void
  private reject!: (error: NanopeerError) => void
  private exchange: Exchange | null = null
  private isOver = false

  constructor(
    private readonly request: OutgoingRequest,
    private readonly events: OutgoingRequestEvents,
    private readonly forget: () => void,
  ) {
    this.answer = new Promise((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
  }

  get isWaiting(): boolean {
    return this.exchange === null || this.exchange.isWaiting === true
  }

  begin(carrier: Carrier): void {
    try {
      this.exchange = carrier.request(this.request, this.events)
      this.exchange.answer.then(this.resolve, this.reject)
    } catch (error) {
      // Its body is being read by somebody else by now.
      this.fail(error as NanopeerError)
    }
  }

  fail(error: NanopeerError): void {
    this.cancel(error)
  }

  cancel(error: NanopeerError): void {
    if (this.exchange) return this.exchange.cancel(error)
    if (this.isOver) return
    this.isOver = true
    this.forget()
    if (this.request.body) cancelBody(this.request.body, error)
    this.reject(error)
    this.events.closed()
    this.events.finished(error)
  }
}
