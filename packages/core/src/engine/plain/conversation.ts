import { v4 as uuid } from 'uuid'
import type { Clock } from '../../base/clock'
import { NanopeerError } from '../../base/errors'
import type { PlainChannel } from '../../base/transport'
import type { Limits } from '../../base/types'
import type { Weighed } from '../../codec/read'
import { decodeValue } from '../../codec/read'
import type { Exchange, OutgoingRequest, OutgoingRequestEvents } from '../../engine'
import { AnswerBudget } from '../rpc/answer-budget'
import type { Dispatch } from '../rpc/run-handler'
import type { ReceiveBudget } from '../rpc/window'
import type { FairReader, FairReads } from '../session/fair-reads'
import type { Held, HeldBytes } from '../session/held-bytes'
import type { Unread } from '../session/unread'
import { unreadable } from '../wire/failure'
import { type Codec, createCodec, type Decoded } from './codec'
import { asEnvelope, createEnvelope } from './envelope'
import { IncomingEnvelopes } from './incoming-envelopes'
import { OutgoingEnvelope } from './outgoing-envelope'
import { SeriesBudget } from './parts'
import { SendQueue } from './send-queue'
import { watchPath } from './watch'

/** Ms that what is queued may take to leave when the conversation ends. */
const drainTimeout = 2000

export interface PlainOptions {
  readonly clock: Clock
  readonly limits: Limits
  readonly budget: ReceiveBudget
  readonly held: HeldBytes
  readonly arrived: HeldBytes
  readonly fairReads: FairReads
  /** False where the remote is known to be a bare PeerJS client: then every value is a message. */
  readonly envelopes: boolean
  readonly dispatch: Dispatch
  /** What the remote shows, by a call beside the channel. */
  readonly call: (request: OutgoingRequest, events: OutgoingRequestEvents) => Exchange
  /** `weight`: about what it takes in memory, bytes. */
  readonly message: (value: unknown, weight: number) => void
  /** The number of exchanges changed. */
  readonly changed: () => void
  readonly silent: () => void
  readonly heard: () => void
  /** The channel is gone, or of no more use. Nothing follows. */
  readonly ended: (error: NanopeerError) => void
  readonly report: (error: unknown) => void
  /** A request was not taken. */
  readonly refused: (error: NanopeerError) => void
}

/** All that goes on over one channel to a remote that is not nanopeer. It ends with its channel. */
export class PlainConversation {
  received = 0
  private readonly codec: Codec
  private readonly queue: SendQueue
  private readonly arrived: Held
  /** Bytes of values that are not whole yet, as they are counted. */
  private parts = 0
  private readonly outgoing = new Map<string, OutgoingEnvelope>()
  private readonly incoming: IncomingEnvelopes
  /** The first 24 characters of our request ids: an answer to one that is settled is none of our business. */
  private readonly ownIds = uuid().slice(0, 24)
  private asks = 0
  private sending = 0
  private error: NanopeerError | null = null
  private unlisten = () => {}
  private reader: FairReader | null = null
  private unwatch = () => {}

  /** @throws `NanopeerError` `UNSUPPORTED` for a serialization that is not one of PeerJS's own. */
  constructor(
    readonly link: PlainChannel,
    private readonly options: PlainOptions,
  ) {
    const { clock, limits, dispatch, changed, report, refused } = options
    const giveUp = (error: NanopeerError) => this.lost(error)
    const held = options.held.enter(giveUp)
    this.arrived = options.arrived.enter(giveUp)
    const { serialization, maxMessageSize, ordered } = link
    this.codec = createCodec(serialization, { maxMessageSize, messageSize: limits.messageSize })
    this.queue = new SendQueue(link, clock)
    const { codec, queue, arrived } = this
    const answers = new AnswerBudget({ limits, held })
    const series = new SeriesBudget(clock, held)
    const host = {
      codec,
      queue,
      ordered,
      answers,
      series,
      limits,
      arrived,
      dispatch,
      changed,
      report,
      refused,
    }
    this.incoming = new IncomingEnvelopes(host)
  }

  /** Begins to read the channel, which may tell at once what it has kept, even that it is closed. */
  open(): void {
    // Whoever heard of it may have ended it.
    if (this.error) return
    const { clock, silent, heard } = this.options
    const lost = (why: string) => this.lost(new NanopeerError('CONNECTION_LOST', why))
    this.unwatch = watchPath(clock, {
      stats: () => this.link.stats(),
      silent,
      heard,
      dead: () => lost('Nothing arrives from the remote any more.'),
    })
    const reader = this.options.fairReads.enter()
    this.reader = reader
    this.unlisten = this.link.listen({
      message: (bytes) => {
        if (!reader.take(bytes.length, () => this.receive(bytes)))
          lost('The remote sends faster than it is read.')
      },
      drained: () => this.queue.drained(),
      // Behind what came before it.
      closed: () =>
        reader.take(0, () => {
          lost('The link is gone.')
          return null
        }),
    })
    if (this.error) this.unlisten()
  }

  /** Requests in either direction, and messages that wait to be sent. */
  get size(): number {
    return this.outgoing.size + this.incoming.size + this.sending
  }

  get sent(): number {
    return this.queue.sent
  }

  /** @throws `NanopeerError` `UNSUPPORTED` for audio and video that are no call. */
  request(request: OutgoingRequest, events: OutgoingRequestEvents): Exchange {
    if (request.kind === 'media') return this.options.call(request, events)
    const { clock, limits, budget, changed } = this.options
    const id = this.ownIds + (this.asks++).toString(16).padStart(12, '0')
    const forget = () => {
      this.outgoing.delete(id)
      changed()
    }
    const exchange = new OutgoingEnvelope(request, events, { clock, limits, budget, forget })
    this.outgoing.set(id, exchange)
    changed()
    try {
      if (this.error) throw this.error
      this.checkRequest(request)
      const body = decodeValue(request.input)
      this.codec.check(body, 'INVALID_INPUT')
      const messages = this.codec.encode(createEnvelope(request.action, id, body))
      this.queue.write(messages).then(
        () => events.written(),
        (error: NanopeerError) => exchange.fail(error),
      )
    } catch (error) {
      exchange.fail(error as NanopeerError)
    }
    return exchange
  }

  /**
   * Sends a plain message. Resolves when it was handed to the channel.
   *
   * @param payload as {@link decodeValue} takes it
   */
  async send(payload: Uint8Array): Promise<void> {
    if (this.error) throw this.error
    const value = decodeValue(payload)
    if (value === null || value === undefined) {
      throw new NanopeerError('INVALID_INPUT', `PeerJS breaks on ${value} by itself; put it into an object.`)
    }
    if (typeof value === 'object' && '__peerData' in value) {
      throw new NanopeerError('INVALID_INPUT', 'PeerJS keeps the field "__peerData" for itself.')
    }
    this.codec.check(value, 'INVALID_INPUT')
    this.count(1)
    try {
      await this.queue.write(this.codec.encode(value))
    } finally {
      this.count(-1)
    }
  }

  /** The remote was accepted: our handlers answer it. */
  served(): void {
    this.incoming.isServed = true
  }

  /** Everything pending rejects with `error`; then what is queued is sent, and the channel closed. */
  async close(error: NanopeerError): Promise<void> {
    if (!this.stop(error)) return
    await this.queue.flushed(drainTimeout)
    this.queue.abort(error)
    await this.link.close()
  }

  /** The page is going away: there is no time to drain. */
  abort(error: NanopeerError): void {
    if (!this.stop(error)) return
    this.queue.abort(error)
    void this.link.close(0)
  }

  /** Such a remote has its calls beside the connection. */
  async mediaStats(): Promise<null> {
    return null
  }

  private receive(bytes: Uint8Array): Unread {
    this.received += bytes.length
    return this.guarded(() => this.codec.decode(bytes, (decoded) => this.decoded(decoded)))
  }

  /** Whatever cannot be read ends the conversation, in whichever turn that is found. */
  private guarded(read: () => Unread): Unread {
    if (this.error) return null
    try {
      const unread = read()
      return unread && (() => this.guarded(unread))
    } catch (error) {
      this.options.report(error)
      this.lost(unreadable(error))
      return null
    }
  }

  private decoded(decoded: Decoded): void {
    this.holdParts(this.codec.held)
    if (decoded.kind === 'part' && this.incoming.isFull)
      throw new NanopeerError('OVERLOADED', 'The remote sends too many large values at once.')
    if (decoded.kind === 'value') this.receiveValue(decoded)
    if (decoded.kind === 'close')
      this.lost(new NanopeerError('CONNECTION_LOST', 'The remote closed the link.'))
  }

  private receiveValue({ value, weight }: Weighed): void {
    const envelope = this.options.envelopes ? asEnvelope(value) : null
    if (!envelope) return this.options.message(value, weight)
    const { id } = envelope.request
    if (id.startsWith(this.ownIds)) this.outgoing.get(id)?.receive(envelope)
    else this.incoming.receive(envelope, weight)
  }

  /** @throws `NanopeerError` `UNSUPPORTED` for what an envelope has no place for. */
  private checkRequest({ kind, body }: OutgoingRequest): void {
    const unsupported = (what: string) => {
      const message = `${what} take nanopeer on both sides; this remote is a plain PeerJS client.`
      return new NanopeerError('UNSUPPORTED', message)
    }
    if (!this.options.envelopes) throw unsupported('Requests')
    if (kind === 'events') throw unsupported('Events')
    if (body) throw unsupported('Uploads')
  }

  private holdParts(bytes: number): void {
    this.arrived.hold(bytes - this.parts)
    this.parts = bytes
  }

  private count(change: number): void {
    this.sending += change
    this.options.changed()
  }

  /** The channel is gone, or what comes over it is of no use. */
  private lost(error: NanopeerError): void {
    if (this.error) return
    this.abort(error)
    this.options.ended(error)
  }

  /** Everything pending ends. False where it had ended before. */
  private stop(error: NanopeerError): boolean {
    if (this.error) return false
    this.error = error
    this.holdParts(0)
    this.unwatch()
    this.unlisten()
    this.reader?.dispose()
    for (const exchange of [...this.outgoing.values()]) exchange.fail(error)
    this.incoming.abort(error)
    return true
  }
}
