import type {
  ConnectionDriver,
  ConnectionHost,
  Exchange,
  OutgoingRequest,
  OutgoingRequestEvents,
} from '../engine'
import { NanopeerError, type RequestError } from '../errors'
import { WaitingRequests } from '../waiting-requests'

/** A request that is to be told of, once there is who tells. */
interface Started {
  readonly requestId: string
  readonly action: string
  readonly at: number
  /** Undefined while it goes on. */
  outcome?: RequestError | null
  ended?(error: RequestError | null): void
}

/**
 * What drives a connection before the engine is there: it says `connecting`, keeps what is asked and said in its order,
 * and hands all of it over.
 */
export class WaitingDriver implements ConnectionDriver {
  readonly isLinked = false
  readonly isOn = false
  readonly inbound = false
  private readonly requests: WaitingRequests
  private readonly started: Started[] = []

  /** @param unsupported why there will be no engine; null where there may */
  constructor(
    private readonly host: ConnectionHost,
    private readonly unsupported: () => NanopeerError | null,
  ) {
    this.requests = new WaitingRequests(() => host.busyChanged())
  }

  get isPlain(): boolean {
    return (this.host.options.protocol ?? 'nanopeer') !== 'nanopeer'
  }

  get size(): number {
    return this.requests.size
  }

  request(request: OutgoingRequest, events: OutgoingRequestEvents): Exchange {
    this.dialIfWanted()
    return this.requests.request(request, events)
  }

  send(payload: Uint8Array): Promise<void> {
    this.dialIfWanted()
    return this.requests.send(payload)
  }

  requestStarted(requestId: string, action: string, at: number): (error: RequestError | null) => void {
    const started: Started = { requestId, action, at }
    this.started.push(started)
    return (error) => {
      if (started.ended) started.ended(error)
      else started.outcome = error
    }
  }

  /** There is no path to measure; the engine's driver is asked anew. */
  watchStats(): () => void {
    return () => {}
  }

  wake(): void {
    this.dialIfWanted()
  }

  /** The engine dials; the connection, which is held, has its peer load it. */
  dial(): void {
    this.host.transition({ type: 'dialled' })
    const error = this.unsupported()
    // Behind what is being asked in this turn.
    if (error) queueMicrotask(() => this.end(error, error))
  }

  dialIfWanted(): void {
    const { outbound, isHeld } = this.host
    if (outbound && isHeld) this.dial()
  }

  /** The engine reads the options when it is there. */
  reconfigured(): void {}

  async close(error: NanopeerError): Promise<void> {
    this.end(null, error)
  }

  abort(): void {
    const error = new NanopeerError('CONNECTION_LOST', 'The page was left.')
    this.end(error, error)
  }

  /** The engine is there. */
  handOver(driver: ConnectionDriver): void {
    for (const started of this.started) {
      started.ended = driver.requestStarted(started.requestId, started.action, started.at)
      if (started.outcome !== undefined) started.ended(started.outcome)
    }
    this.requests.handOver({
      request: (request, events) => driver.request(request, events, false),
      send: (payload) => driver.send(payload),
    })
    if (this.host.status.state === 'connecting') driver.dial()
  }

  private end(shown: NanopeerError | null, error: NanopeerError): void {
    this.requests.fail(error)
    this.host.transition({ type: 'closed', error: shown })
    this.host.changed()
  }
}
