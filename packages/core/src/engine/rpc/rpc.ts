import { NanopeerError } from '../../base/errors'
import { IntMap } from '../../base/int-map'
import { type Carrier, WaitingRequests } from '../../base/waiting-requests'
import { ValueReader } from '../../codec/read'
import type { Exchange, OutgoingRequest, OutgoingRequestEvents } from '../../engine'
import type { Unread } from '../session/unread'
import { unreadable } from '../wire/failure'
import { type Frame, FrameType } from '../wire/frame'
import { earlyRequests } from '../wire/limits'
import { decodeDescription, decodeTracks, maxDescription } from '../wire/media'
import { IncomingCalls, type IncomingCallsHost } from './incoming-calls'
import { MessageLane } from './message-lane'
import { OutgoingCall, type OutgoingCallHost } from './outgoing-call'
import { type ReadValue, readInTurns } from './read-value'
import { Reassembler } from './reassembler'

/** What the exchanges of a session need of what is around them. */
export interface RpcHost extends IncomingCallsHost {
  /** Our streams are odd: our id is the lower one. */
  readonly isOdd: boolean
  /** `accept` has said that it is served. */
  readonly isServed: boolean
  /** `weight`: about what it takes in memory, bytes. */
  message(value: unknown, weight: number): void
}

/** All exchanges of one session: one table each way, and one way to end them all. */
export class Rpc {
  private readonly outgoing = new IntMap<OutgoingCall>()
  private readonly incoming: IncomingCalls
  /** Ours that the remote has no place for yet. */
  private readonly waiting = new WaitingRequests(() => this.host.changed())
  /** Fragments of what the remote asks and says, and of what it answers. */
  private readonly requests: Reassembler
  private readonly replies: Reassembler
  private readonly descriptions = new Reassembler({ messageSize: maxDescription, values: 1 })
  private readonly asked: OutgoingCallHost
  private readonly lane: MessageLane
  /** Requests of ours that the remote takes at once. */
  private places = earlyRequests
  private nextStream: number
  private error: NanopeerError | null = null
  /** Bytes of a large value that is being read. */
  private reading = 0

  constructor(private readonly host: RpcHost) {
    this.nextStream = host.isOdd ? 1 : 2
    this.lane = new MessageLane(host.port)
    const { limits, arrived } = host.port
    const { messageSize, openStreams } = limits
    this.requests = new Reassembler({ messageSize, values: openStreams }, arrived)
    this.replies = new Reassembler({ messageSize, values: Number.POSITIVE_INFINITY })
    const { port, media } = host
    this.asked = {
      port,
      read: this.read,
      media,
      forget: ({ stream }) => {
        this.outgoing.delete(stream)
        this.replies.forget(stream)
        this.advance()
        host.changed()
      },
    }
    this.incoming = new IncomingCalls(host, this.read)
  }

  /** Requests and streams that are not finished on the wire, in either direction. */
  get size(): number {
    return this.outgoing.size + this.waiting.size + this.incoming.size + this.lane.size
  }

  /** Sends a request, or has it wait until those before it have left a place for it. */
  request(request: OutgoingRequest, events: OutgoingRequestEvents): Exchange {
    const isBehind = this.waiting.size > 0 || !this.hasPlace
    return isBehind && !this.error ? this.waiting.request(request, events) : this.open(request, events)
  }

  private get hasPlace(): boolean {
    return this.outgoing.size < this.places
  }

  private readonly carrier: Carrier = {
    request: (request, events) => this.open(request, events),
    send: (payload) => this.send(payload),
  }

  private advance(): void {
    if (this.waiting.size > 0) this.waiting.handOver(this.carrier, () => this.hasPlace)
  }

  private open(request: OutgoingRequest, events: OutgoingRequestEvents): OutgoingCall {
    const stream = this.nextStream
    this.nextStream += 2
    const exchange = new OutgoingCall(this.asked, stream, request, events)
    this.outgoing.set(stream, exchange)
    this.host.changed()
    if (this.error) exchange.fail(this.error)
    return exchange
  }

  /** Sends a plain message. Resolves when it was written to a link. */
  async send(payload: Uint8Array): Promise<void> {
    const sent = this.lane.send(payload)
    this.host.changed()
    try {
      await sent
    } finally {
      this.host.changed()
    }
  }

  /** A link is up: what waited for credit, for a window or for a place looks again. */
  attached(places: number): void {
    this.places = places
    this.advance()
    for (const exchange of this.outgoing.values()) exchange.wake()
    this.incoming.wake()
  }

  /**
   * One counted frame, in order; the next one comes when nothing of it is unread.
   *
   * @throws `NanopeerError` `PROTOCOL` for whatever a remote of ours would not send.
   */
  receive(frame: Frame): Unread {
    this.checkArrived()
    if (frame.type === FrameType.Description) return this.receiveDescription(frame)
    if (frame.stream === 0) return this.receiveMessage(frame)
    const isOurs = frame.stream % 2 === (this.host.isOdd ? 1 : 0)
    if (isOurs) return this.receiveAnswer(frame)
    return frame.type === FrameType.Request ? this.receiveRequest(frame) : this.receiveMore(frame)
  }

  /** The session is over: everything pending rejects once, every handler's signal fires. */
  abort(error: NanopeerError): void {
    this.error = error
    this.waiting.fail(error)
    for (const exchange of this.outgoing.values()) exchange.fail(error)
    this.incoming.abort(error)
    this.host.changed()
  }

  /** What was queued has had its time to leave; messages that still wait never will. */
  abortMessages(error: NanopeerError): void {
    this.lane.abort(error)
    this.requests.clear()
    this.holdRead(0)
    this.host.changed()
  }

  /** One that we have dialled may send before it is known whether we serve it; one that has dialled us may not. */
  private checkArrived(): void {
    const { arrived, limits } = this.host.port
    if (this.host.isServed || arrived.bytes <= 2 * limits.messageSize) return
    throw new NanopeerError('PROTOCOL', 'The remote sent too much before it was accepted.')
  }

  private readonly read: ReadValue = (bytes, then) => {
    const unread = readInTurns(new ValueReader(bytes), (value) => {
      this.holdRead(0)
      then(value)
      return null
    })
    if (unread) this.holdRead(bytes.length)
    return unread
  }

  private holdRead(bytes: number): void {
    if (bytes === this.reading) return
    this.host.port.arrived.hold(bytes - this.reading)
    this.reading = bytes
  }

  private receiveMessage(frame: Frame): Unread {
    if (frame.type !== FrameType.Message)
      throw new NanopeerError('PROTOCOL', 'Stream 0 carries only messages.')
    let whole: Uint8Array | null
    try {
      whole = this.requests.add(frame)
    } catch (error) {
      const failure = unreadable(error)
      this.host.notTaken(failure)
      // A message has no sender who waits for an answer: that it does not fit ends the conversation.
      throw new NanopeerError('PROTOCOL', failure.message)
    }
    return whole && this.read(whole, ({ value, weight }) => this.host.message(value, weight))
  }

  private receiveDescription(frame: Frame): Unread {
    const { loaded } = this.host.media
    if (!loaded)
      throw new NanopeerError('PROTOCOL', 'The remote negotiates audio and video, and there are none.')
    let whole: Uint8Array | null
    try {
      whole = this.descriptions.add(frame)
    } catch (error) {
      throw new NanopeerError('PROTOCOL', (error as NanopeerError).message)
    }
    if (whole) loaded.description(decodeDescription(whole))
    return null
  }

  private receiveAnswer(frame: Frame): Unread {
    if (frame.type === FrameType.Tracks) {
      this.host.media.loaded?.tracks(frame.stream, decodeTracks(frame.payload))
      return null
    }
    const exchange = this.outgoing.get(frame.stream)
    if (!exchange) return null // Finished here; the other side did not know it yet.
    let whole: Uint8Array | null
    try {
      whole = frame.type === FrameType.Data ? frame.payload : this.replies.add(frame)
    } catch (error) {
      if (isProtocol(error)) throw error
      exchange.cancel(unreadable(error))
      return null
    }
    return whole && exchange.receive(frame.type, whole)
  }

  private receiveMore(frame: Frame): null {
    const { type, stream } = frame
    if (this.incoming.receive(frame) || type !== FrameType.Cancel) return null
    // A request of which only fragments have come, or was refused; looked up, because there may be a storm of these.
    this.requests.forget(stream)
    this.incoming.forgetRefusal(stream)
    return null
  }

  private receiveRequest(frame: Frame): Unread {
    const { stream } = frame
    // While the last answers leave, nothing new begins.
    if (this.error) return null
    if (this.incoming.has(stream)) throw new NanopeerError('PROTOCOL', 'The remote opened a stream twice.')
    let whole: Uint8Array | null
    try {
      whole = this.requests.add(frame)
    } catch (error) {
      if (isProtocol(error)) throw error
      this.incoming.refuse(stream, unreadable(error))
      return null
    }
    return whole && this.incoming.ask(stream, whole)
  }
}

const isProtocol = (error: unknown): boolean => error instanceof NanopeerError && error.code === 'PROTOCOL'
