import { NanopeerError } from '../errors'
import { encodeFailure } from '../wire/failure'
import { type Frame, FrameType } from '../wire/frame'
import { decodeRequest } from '../wire/request-head'
import { decodeValue } from '../wire/values'
import { type Ask, type AskedEvents, AskedExchange } from './asked'
import { Assembler } from './assembler'
import type { Dispatch } from './dispatch'
import { MessageLane } from './message-lane'
import { type Port, sendValue } from './port'
import { ServedExchange } from './served'

export interface RpcOptions {
  readonly port: Port
  /** Our streams are odd: our id is the lower one. */
  readonly odd: boolean
  /** Names this session in request ids that the asker did not choose. */
  readonly sessionName: () => string
  readonly dispatch: Dispatch
  readonly message: (value: unknown) => void
  /** The number of exchanges changed, in either direction. */
  readonly changed: () => void
}

/** All exchanges of one session: one table each way, and one way to end them all. */
export class Rpc {
  private readonly asked = new Map<number, AskedExchange>()
  private readonly served = new Map<number, ServedExchange>()
  private readonly assembler: Assembler
  private readonly lane: MessageLane
  private nextStream: number
  private error: NanopeerError | null = null

  constructor(private readonly options: RpcOptions) {
    this.nextStream = options.odd ? 1 : 2
    this.lane = new MessageLane(options.port)
    this.assembler = new Assembler(options.port.limits.messageSize)
  }

  /** Requests and streams that are not finished on the wire, in either direction. */
  get size(): number {
    return this.asked.size + this.served.size + this.lane.size
  }

  get streams(): { asked: number; served: number } {
    return { asked: this.asked.size, served: this.served.size }
  }

  ask(ask: Ask, events: AskedEvents): AskedExchange {
    const { port, changed } = this.options
    const stream = this.nextStream
    this.nextStream += 2
    const exchange = new AskedExchange(port, stream, ask, events, () => {
      this.asked.delete(stream)
      this.assembler.forget(stream)
      changed()
    })
    this.asked.set(stream, exchange)
    changed()
    if (this.error) exchange.fail(this.error)
    return exchange
  }

  /** Sends a plain message. Resolves when it was written to a link. */
  async send(payload: Uint8Array): Promise<void> {
    const sent = this.lane.send(payload)
    this.options.changed()
    try {
      await sent
    } finally {
      this.options.changed()
    }
  }

  /** A link is up: what waited for credit or for a window looks again. */
  attached(): void {
    for (const exchange of this.asked.values()) exchange.wake()
    for (const exchange of this.served.values()) exchange.wake()
  }

  /**
   * One counted frame, in order.
   *
   * @throws `NanopeerError` `PROTOCOL` for whatever a remote of ours would not send.
   */
  receive(frame: Frame): void {
    if (frame.stream === 0) return this.receiveMessage(frame)
    const isOurs = frame.stream % 2 === (this.options.odd ? 1 : 0)
    if (isOurs) this.receiveAnswer(frame)
    else if (frame.type === FrameType.Request) this.receiveRequest(frame)
    else this.receiveMore(frame)
  }

  /** The session is over: everything pending rejects once, every handler's signal fires. */
  end(error: NanopeerError): void {
    this.error = error
    for (const exchange of [...this.asked.values()]) exchange.fail(error)
    for (const exchange of [...this.served.values()]) exchange.abort(error)
    this.options.changed()
  }

  /** What was queued has had its time to leave; messages that still wait never will. */
  endMessages(error: NanopeerError): void {
    this.lane.end(error)
    this.options.changed()
  }

  private receiveMessage(frame: Frame): void {
    if (frame.type !== FrameType.Message)
      throw new NanopeerError('PROTOCOL', 'Stream 0 carries only messages.')
    const whole = this.assembler.add(frame)
    if (whole) this.options.message(decodeValue(whole))
  }

  private receiveAnswer(frame: Frame): void {
    const exchange = this.asked.get(frame.stream)
    if (!exchange) return // Finished here; the other side did not know it yet.
    let whole: Uint8Array | null
    try {
      whole = frame.type === FrameType.Data ? frame.payload : this.assembler.add(frame)
    } catch (error) {
      exchange.cancel(error as NanopeerError)
      return
    }
    if (whole) exchange.receive(frame.type, whole)
  }

  private receiveMore(frame: Frame): void {
    const exchange = this.served.get(frame.stream)
    if (exchange) return exchange.receive(frame.type, frame.payload)
    if (frame.type !== FrameType.Cancel) return
    // A request of which only fragments have come, or an answer of which fragments still wait to leave.
    this.assembler.forget(frame.stream)
    this.options.port.withdraw(frame.stream)
  }

  private receiveRequest(frame: Frame): void {
    const { port, dispatch, sessionName, changed } = this.options
    const { stream } = frame
    if (this.served.has(stream)) throw new NanopeerError('PROTOCOL', 'The remote opened a stream twice.')
    let whole: Uint8Array | null
    try {
      whole = this.assembler.add(frame)
    } catch (error) {
      return this.refuse(stream, error as NanopeerError)
    }
    if (!whole) return
    const limit = Math.min(port.limits.pendingRequests, port.limits.openStreams)
    if (this.served.size >= limit) {
      const message = `This device takes at most ${limit} requests at once from one remote; wait for some to end.`
      return this.refuse(stream, new NanopeerError('OVERLOADED', message))
    }
    const { head, input } = decodeRequest(whole)
    const requestId = head.requestId ?? `${sessionName()}/${stream}`
    const exchange = new ServedExchange(port, stream, head, decodeValue(input), requestId, () => {
      this.served.delete(stream)
      changed()
    })
    this.served.set(stream, exchange)
    changed()
    void exchange.serve(dispatch)
  }

  private refuse(stream: number, error: NanopeerError): void {
    sendValue(this.options.port, FrameType.Fail, stream, encodeFailure(error))
  }
}
