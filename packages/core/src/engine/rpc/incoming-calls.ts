import { NanopeerError } from '../../base/errors'
import { IntMap } from '../../base/int-map'
import { LimitError, type LimitName } from '../../base/limits'
import type { Unread } from '../session/unread'
import { encodeFailure } from '../wire/failure'
import { type Frame, FrameType } from '../wire/frame'
import { maxPendingInput, maxRefusals } from '../wire/limits'
import { decodeRequest, type RequestHead } from '../wire/request-head'
import { AnswerBudget } from './answer-budget'
import { IncomingCall, type IncomingCallHost } from './incoming-call'
import type { LateMedia } from './late-media'
import { type Port, sendValue } from './port'
import type { ReadValue } from './read-value'
import type { Answer, IncomingRequest } from './run-handler'

/** What the remote's requests need of their session. */
export interface IncomingCallsHost {
  readonly port: Port
  readonly media: LateMedia
  /** Names this session in request ids that the asker did not choose. */
  readonly sessionName: string
  /** Why this remote is not served, where that is known; null while it is, or may be. */
  readonly refusal: NanopeerError | null
  /** Finds the handler, runs it, and says what to answer. Never rejects. */
  serve(request: IncomingRequest): Promise<Answer>
  /** A request was not taken, or a message. */
  notTaken(error: NanopeerError): void
  /** The number of exchanges changed, in either direction. */
  changed(): void
}

/** Why a request is not taken, and what its asker is told. */
interface Refusal {
  readonly error: NanopeerError
  readonly payload: Uint8Array
}

const refusalOf = (error: NanopeerError): Refusal => ({ error, payload: encodeFailure(error) })

/** What the remote asks over one session: what is taken of it, and the handlers that run for it. */
export class IncomingCalls implements IncomingCallHost {
  readonly port: Port
  readonly media: LateMedia
  readonly answers: AnswerBudget
  private readonly calls = new IntMap<IncomingCall>()
  /** Streams whose refusal is not written yet. */
  private readonly refusals = new Set<number>()
  /** Made once: a flood meets the same limit many thousand times a second. */
  private readonly overloads = new Map<LimitName, Refusal>()
  /** Handlers that run, and what their inputs take in memory. */
  private running = 0
  private inputs = 0
  /** The session ends: nothing new begins. */
  private isOver = false
  /** Requests of this turn, whose handlers are about to run. */
  private begun: IncomingCall[] = []

  constructor(
    private readonly host: IncomingCallsHost,
    private readonly read: ReadValue,
  ) {
    this.port = host.port
    this.media = host.media
    this.answers = new AnswerBudget(host.port)
  }

  get size(): number {
    return this.calls.size
  }

  has(stream: number): boolean {
    return this.calls.get(stream) !== undefined
  }

  /** A whole request. */
  ask(stream: number, request: Uint8Array): Unread {
    const { refusal: unwanted, port } = this.host
    const refusal = unwanted ? refusalOf(unwanted) : this.overload()
    if (refusal) {
      this.tell(stream, refusal)
      return null
    }
    const { head, input } = decodeRequest(request)
    return this.read(input, ({ value, weight }) => {
      if (this.isOver) return
      const isTooMuch = this.inputs + weight > maxPendingInput || port.arrived.isFull
      if (this.inputs > 0 && isTooMuch)
        this.tell(stream, this.overloaded('pendingInput', 'as much input as its memory has room for'))
      else this.begin(stream, head, value, weight)
    })
  }

  /** More of a request; false where there is none on its stream. */
  receive({ type, stream, payload }: Frame): boolean {
    const call = this.calls.get(stream)
    call?.receive(type, payload)
    return call !== undefined
  }

  refuse(stream: number, error: NanopeerError): void {
    this.tell(stream, refusalOf(error))
  }

  /** Its asker has lost interest in a request that was refused. */
  forgetRefusal(stream: number): void {
    if (this.refusals.delete(stream)) this.port.withdraw(stream)
  }

  wake(): void {
    for (const call of this.calls.values()) call.wake()
  }

  abort(error: NanopeerError): void {
    this.isOver = true
    for (const call of this.calls.values()) call.abort(error)
  }

  dispatch(request: IncomingRequest): Promise<Answer> {
    return this.host.serve(request)
  }

  answered({ weight }: IncomingCall): void {
    this.running--
    this.take(-weight)
  }

  forget({ stream }: IncomingCall): void {
    this.calls.delete(stream)
    this.host.changed()
  }

  private begin(stream: number, head: RequestHead, input: unknown, weight: number): void {
    const requestId = head.requestId ?? `${this.host.sessionName}/${stream}`
    const call = new IncomingCall(this, stream, head, input, weight, requestId)
    this.running++
    this.take(weight)
    this.calls.set(stream, call)
    this.host.changed()
    if (this.begun.push(call) === 1) queueMicrotask(this.serveBegun)
  }

  /** Once the message is read: handlers do not run in the middle of it, where the next frame may be their asker's cancel. */
  private readonly serveBegun = (): void => {
    const calls = this.begun
    this.begun = []
    for (const call of calls) call.serve()
  }

  private take(input: number): void {
    this.inputs += input
    this.port.arrived.hold(input)
  }

  /** Why no more requests are taken now. */
  private overload(): Refusal | null {
    const { pendingRequests, openStreams } = this.port.limits
    if (this.running >= pendingRequests)
      return this.overloaded('pendingRequests', `${pendingRequests} requests`)
    if (this.size >= openStreams) return this.overloaded('openStreams', `${openStreams} streams`)
    return null
  }

  private overloaded(limit: LimitName, what: string): Refusal {
    const known = this.overloads.get(limit)
    if (known) return known
    const message = `This device takes at most ${what} at once from one remote; wait for some to end.`
    const refusal = refusalOf(new LimitError(limit, 'OVERLOADED', message))
    this.overloads.set(limit, refusal)
    return refusal
  }

  private tell(stream: number, { error, payload }: Refusal): void {
    this.host.notTaken(error)
    this.refusals.add(stream)
    if (this.refusals.size > maxRefusals)
      throw new NanopeerError('PROTOCOL', 'The remote asks on without reading what it is told.')
    const written = () => this.refusals.delete(stream)
    sendValue(this.port, FrameType.Fail, stream, payload, written)
  }
}
