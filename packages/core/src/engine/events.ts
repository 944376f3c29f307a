import type { Clock } from '../base/clock'
import type { NanopeerError, RequestError } from '../base/errors'
import type { Happening, NanopeerEvent } from '../base/event'
import type { Identity } from '../base/identity'
import { LimitError, type LimitName } from '../base/limits'
import type { Source } from './rpc/byte-source'
import type { Answer, IncomingRequest } from './rpc/run-handler'

/** Tells how a request or a dial ended, and when on the clock (now, where nothing is said); only the first time counts. */
type Ended<Failure> = (error: Failure, at?: number) => void

/** What happens to the links of one connection. */
export interface LinkReporter {
  /** `session`: null where the remote has none. */
  up(link: number, inbound: boolean, session: 'new' | 'resumed' | null): void
  /** Nothing where none is up. */
  down(error: NanopeerError | null): void
}

/** Says what happens. Asked only where somebody wants to hear of it: else nothing is made or measured. */
export class Events {
  /** @param happened called once the turn is over: whatever is done with it, it is not in the middle of our work */
  constructor(
    private readonly clock: Clock,
    private readonly happened: (event: NanopeerEvent) => void,
  ) {}

  identity({ key, created, kept }: Identity): void {
    this.happened({ remoteId: null, type: 'identity', key, created, kept })
  }

  dialStarted(remoteId: string): Ended<NanopeerError> {
    const ended = this.timed((duration, { code }: NanopeerError) =>
      this.tell(remoteId, { type: 'dial-failed', duration, code }),
    )
    this.tell(remoteId, { type: 'dial-started' })
    return ended
  }

  links(remoteId: string): LinkReporter {
    let ended: Ended<NanopeerError | null> | null = null
    let downAt = this.clock.now()
    const down = (error: NanopeerError | null) => {
      if (!ended) return
      ended(error)
      ended = null
      downAt = this.clock.now()
    }
    return {
      down,
      up: (link, inbound, session) => {
        down(null)
        this.tell(remoteId, { type: 'link-up', link, inbound })
        if (session === 'new') this.tell(remoteId, { type: 'session-began' })
        if (session === 'resumed') {
          this.tell(remoteId, { type: 'session-resumed', duration: this.clock.now() - downAt })
        }
        ended = this.timed((duration, error) =>
          this.tell(remoteId, { type: 'link-down', link, duration, code: error?.code ?? null }),
        )
      },
    }
  }

  requestStarted(
    remoteId: string,
    direction: 'in' | 'out',
    requestId: string,
    action: string,
    at = this.clock.now(),
  ): Ended<RequestError | null> {
    const name = { direction, requestId, action }
    this.tell(remoteId, { type: 'request-started', ...name })
    return this.timed(
      (duration, error) =>
        this.tell(remoteId, { type: 'request-ended', ...name, duration, code: error?.code ?? null }),
      at,
    )
  }

  /** Watches one run of a handler, and the stream it may answer with. */
  async served(remoteId: string, request: IncomingRequest, serve: () => Promise<Answer>): Promise<Answer> {
    const ended = this.requestStarted(remoteId, 'in', request.requestId, request.head.action)
    const answer = await serve()
    if (answer.kind === 'stream') return { ...answer, source: watched(answer.source, ended) }
    if (answer.kind === 'media') return { ...answer, ended }
    ended(answer.kind === 'failure' ? answer.error : null)
    if (answer.kind === 'failure') this.notTaken(remoteId, 'request', answer.error)
    return answer
  }

  /** Something that the remote wanted was not taken: says so where it was for a limit, or for who it is. */
  notTaken(remoteId: string, what: 'link' | 'request', error: unknown): void {
    if (error instanceof LimitError) this.limitHit(remoteId, error.limit)
    else if ((error as NanopeerError).code === 'REFUSED') this.tell(remoteId, { type: 'refused', what })
  }

  limitHit(remoteId: string, limit: LimitName): void {
    this.tell(remoteId, { type: 'limit-hit', limit })
  }

  private timed<Failure>(
    tell: (duration: number, error: Failure) => void,
    begun = this.clock.now(),
  ): Ended<Failure> {
    let isOver = false
    return (error, at = this.clock.now()) => {
      if (isOver) return
      isOver = true
      tell(at - begun, error)
    }
  }

  private tell(remoteId: string, happening: Happening): void {
    const event = { ...happening, remoteId }
    queueMicrotask(() => this.happened(event))
  }
}

/** The same source, which tells when its stream is over. */
const watched = (source: Source, ended: Ended<RequestError | null>): Source => ({
  ...(source.latest && { latest: source.latest }),
  async next() {
    try {
      const payload = await source.next()
      if (payload === null) ended(null)
      return payload
    } catch (error) {
      ended(error as RequestError)
      throw error
    }
  },
  cancel(reason) {
    ended(reason as RequestError)
    source.cancel(reason)
  },
})
