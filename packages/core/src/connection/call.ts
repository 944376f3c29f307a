import { v4 as uuid } from 'uuid'
import { sizeOfBody } from '../base/body'
import type { Clock } from '../base/clock'
import { NanopeerError, type RequestError } from '../base/errors'
import type { Connection, PendingRequest, Progress, RequestOptions } from '../base/types'
import type { Exchange, OutgoingRequest, OutgoingRequestEvents } from '../engine'
import { tell } from '../store'
import type { Deadlines, Waiter } from './deadlines'
import { ProgressMeter } from './progress'

/** What a request needs of its connection. */
export interface CallHost {
  readonly handle: Connection
  readonly context: {
    readonly isDestroyed: boolean
    /** Somebody wants to hear when requests start and end. */
    readonly hearsEvents: boolean
    readonly clock: Clock
    readonly limits: { readonly messageSize: number }
  }
  /** Sends in the present session, opening what it needs. A second attempt waits for the next dial that is due. */
  request(request: OutgoingRequest, events: OutgoingRequestEvents, again: boolean): Exchange
  /** Returns what to call when it has ended. */
  requestStarted(requestId: string, action: string): (error: RequestError | null) => void
  readonly isLinked: boolean
  /** Dials, and holds the connection until the undo is called. */
  want(): () => void
  /** The list of requests in flight, or something in it, changed. */
  requestsChanged(): void
}

/** What nanopeer's own callers give besides. */
export interface CallOptions extends RequestOptions {
  /** Told once, when it is over for good: with null where it was answered, and read to the end. */
  readonly ended?: ((error: RequestError | null) => void) | undefined
}

/** Those that are in flight over the same connection. */
interface Others {
  readonly deadlines: Deadlines
  /** This one is over. */
  forget(call: Call): void
}

/** One `connection.request()`, through all its attempts. */
export class Call implements OutgoingRequestEvents, Waiter {
  /** There where bytes move. */
  private meter: ProgressMeter | null = null
  private readonly release: () => void
  private exchange: Exchange | null = null
  lateAt = Number.POSITIVE_INFINITY
  private ignoreSignal: (() => void) | null = null
  private isAnswering = false
  private attempts = 0
  private view: PendingRequest | null = null
  private name: string | null = null
  private readonly reported: ((error: RequestError | null) => void) | undefined
  /** Tells developer tools that something has changed. */
  tellTools: (() => void) | undefined

  constructor(
    private readonly host: CallHost,
    private readonly others: Others,
    readonly number: number,
    private readonly outgoing: OutgoingRequest,
    private options: CallOptions,
  ) {
    this.release = host.want()
    if (options.signal) this.heed(options.signal)
    this.watchTime()
    if (host.context.hearsEvents) this.reported = host.requestStarted(this.id, outgoing.action)
  }

  /** Made when it is first asked for: a request that nobody lists and nobody repeats needs none. */
  get id(): string {
    this.name ??= uuid()
    return this.name
  }

  /** In one function: what a small request costs is made of promises. */
  async run(): Promise<unknown> {
    for (;;) {
      try {
        const answer = await this.attempt()
        // A stream ends when it has been read.
        if (this.outgoing.kind === 'value') this.ended(null)
        return answer
      } catch (error) {
        const { exchange, isAnswering, attempts, options } = this
        // Where there is no exchange, nothing was asked.
        if (options.retry && exchange && !isAnswering && isLost(error, attempts > 1)) continue
        this.finish()
        this.ended(error as RequestError)
        throw error
      }
    }
  }

  /** As `connection.$requests` shows it; the same object until something in it changes. */
  toPending(): PendingRequest {
    const isSent = this.host.isLinked && !this.exchange?.isWaiting
    const status = isSent ? (this.isAnswering ? 'streaming' : 'pending') : 'waiting'
    const progress = this.meter?.current ?? null
    if (this.view?.status !== status || this.view.progress !== progress) {
      const abort = () => this.abort(new NanopeerError('ABORTED', 'The request was aborted.'))
      this.view = { id: this.id, action: this.outgoing.action, status, progress, abort }
    }
    return this.view
  }

  written(): void {
    this.changed()
  }

  answering(total: number | null): void {
    this.isAnswering = true
    this.lateAt = Number.POSITIVE_INFINITY
    if (this.outgoing.kind === 'bytes') this.measure(total)
    this.changed()
  }

  uploaded(bytes: number): void {
    // Once the answer's bytes are counted, the upload's are not.
    if (!this.isAnswering || this.outgoing.kind !== 'bytes') this.meter?.add(bytes)
    // A long upload is not a slow answer: its time starts anew while bytes move.
    if (!this.isAnswering) this.watchTime()
  }

  downloaded(bytes: number): void {
    if (this.outgoing.kind === 'bytes') this.meter?.add(bytes)
  }

  closed(): void {
    this.release()
  }

  finished(error: RequestError | null): void {
    // An attempt that failed may be followed by another; `run` says when it is not.
    if (!this.isAnswering) return
    this.finish()
    if (this.outgoing.kind !== 'value') this.ended(error)
  }

  private ended(error: RequestError | null): void {
    this.reported?.(error)
    this.options.ended?.(error)
  }

  private attempt(): Promise<unknown> {
    const again = this.attempts++ > 0
    const { body } = this.outgoing
    if (body) this.measure(sizeOfBody(body))
    else this.meter?.reset()
    this.exchange = null
    const request = again ? { ...this.outgoing, requestId: this.id } : this.outgoing
    this.exchange = this.host.request(request, this, again)
    return this.exchange.answer
  }

  private heed(signal: AbortSignal): void {
    const abort = (): void =>
      this.abort(new NanopeerError('ABORTED', 'The request was aborted.', { cause: signal.reason }))
    signal.addEventListener('abort', abort)
    this.ignoreSignal = () => signal.removeEventListener('abort', abort)
  }

  private abort(error: NanopeerError): void {
    this.options = { ...this.options, retry: false }
    this.exchange?.cancel(error)
  }

  private watchTime(): void {
    const { idleTimeout: timeout } = this.outgoing
    if (timeout === 0) return
    this.lateAt = this.host.context.clock.now() + timeout
    this.others.deadlines.set(this.lateAt)
  }

  late(): void {
    const { action, idleTimeout } = this.outgoing
    this.abort(new NanopeerError('TIMEOUT', `${action}: ${this.stage} within ${idleTimeout} ms.`))
  }

  /** How far it has not come. */
  private get stage(): string {
    if (!this.host.isLinked) return 'there was no link to the device'
    if (this.exchange?.isWaiting) return 'the device was busy with all that was asked before'
    return 'the device did not answer'
  }

  /** Bytes begin to move: of a body, then of the answer. */
  private measure(total: number | null): void {
    this.meter ??= new ProgressMeter(this.host.context.clock, (progress) => this.progressed(progress))
    this.meter.start(total)
  }

  private progressed(progress: Progress): void {
    this.changed()
    tell(() => this.options.onProgress?.(progress))
  }

  private changed(): void {
    this.host.requestsChanged()
    this.tellTools?.()
  }

  private finish(): void {
    this.lateAt = Number.POSITIVE_INFINITY
    this.ignoreSignal?.()
    this.meter?.finish()
    this.release()
    this.others.forget(this)
  }
}

/** Whether another attempt makes sense: the session was lost, or, on the way to the next one, a dial failed. */
const isLost = (error: unknown, again: boolean): boolean =>
  error instanceof NanopeerError &&
  (error.code === 'CONNECTION_LOST' ||
    (again && (error.code === 'PEER_UNAVAILABLE' || error.code === 'NETWORK')))
