import { NanopeerError } from '../base/errors'
import { WaitingRequests } from '../base/waiting-requests'
import type {
  ConnectionDriver,
  ConnectionHost,
  Exchange,
  OutgoingRequest,
  OutgoingRequestEvents,
  RequestEnded,
} from '../engine'

/** Requests that are told of when the engine is there: an engine that never loads must not fill the memory. */
const keptStarts = 1000

/**
 * What drives a connection before the engine is there: it says `connecting`, keeps what is asked and said in its order,
 * and hands all of it over.
 */
export class WaitingDriver implements ConnectionDriver {
  readonly isLinked = false
  readonly isOn = false
  readonly inbound = false
  readonly keys = []
  private readonly requests: WaitingRequests
  /** Tell of the requests that have been made meanwhile, oldest first. */
  private readonly starts: ((driver: ConnectionDriver) => void)[] = []

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

  requestStarted(requestId: string, action: string, at: number): RequestEnded {
    let ended: RequestEnded | null = null
    let outcome: Parameters<RequestEnded> | null = null
    if (this.starts.length === keptStarts) this.starts.shift()
    this.starts.push((driver) => {
      ended = driver.requestStarted(requestId, action, at)
      if (outcome) ended(...outcome)
    })
    return (...given) => {
      if (ended) ended(...given)
      else outcome = given
    }
  }

  /** There is no path to measure; the engine's driver is asked anew. */
  watchStats(): () => void {
    return () => {}
  }

  wake(): void {
    this.dialIfWanted()
  }

  /** The engine dials; a connection that is held has its peer load it, any other would say so for ever. */
  dial(): void {
    if (!this.host.isHeld) return
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

  secretChanged(): void {}

  /** Nobody is there yet. */
  revoke(): void {
    this.end(null, new NanopeerError('ABORTED', 'The session was revoked.'))
  }

  async close(error: NanopeerError): Promise<void> {
    this.end(null, error)
  }

  abort(): void {
    const error = new NanopeerError('CONNECTION_LOST', 'The page was left.')
    this.end(error, error)
  }

  /** The engine is there. */
  handOver(driver: ConnectionDriver): void {
    for (const start of this.starts) start(driver)
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
