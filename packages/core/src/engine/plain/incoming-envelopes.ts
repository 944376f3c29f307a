import { NanopeerError } from '../../base/errors'
import { LimitError } from '../../base/limits'
import type { Limits } from '../../base/types'
import type { Dispatch } from '../rpc/run-handler'
import type { Held } from '../session/held-bytes'
import { maxPendingInput, maxRefusals } from '../wire/limits'
import { createEnvelope, type Envelope, replied, replyWith } from './envelope'
import { IncomingEnvelope, type IncomingEnvelopeHost } from './incoming-envelope'

export interface IncomingEnvelopesHost extends IncomingEnvelopeHost {
  readonly limits: Limits
  readonly dispatch: Dispatch
  /** What has come from the remotes of all connections, and waits. */
  readonly arrived: Pick<Held, 'bytes' | 'isFull' | 'hold'>
  /** The number of requests changed. */
  changed(): void
  /** A request was not taken. */
  refused(error: NanopeerError): void
}

/** The requests of one remote that are being answered, and how many may be. */
export class IncomingEnvelopes {
  private readonly calls = new Set<IncomingEnvelope>()
  /** What they take in memory. */
  inputs = 0
  /** The remote was accepted: one that we have dialled may ask before. */
  isServed = false
  /** Refusals that are not written yet. */
  private refusals = 0

  constructor(private readonly host: IncomingEnvelopesHost) {}

  get size(): number {
    return this.calls.size
  }

  /** No more of what comes is taken than what is needed to go on. */
  get isFull(): boolean {
    const { arrived, limits } = this.host
    return arrived.isFull || (!this.isServed && arrived.bytes > 2 * limits.messageSize)
  }

  /**
   * @param weight about what the request takes in memory, bytes
   * @throws `NanopeerError` `PROTOCOL` where the remote does not read what it is told.
   */
  receive(envelope: Envelope, weight: number): void {
    const overload = this.overload(weight)
    if (overload) return this.refuse(envelope, overload)
    const exchange = new IncomingEnvelope(envelope, this.host)
    this.calls.add(exchange)
    this.take(weight)
    this.host.changed()
    void exchange.serve(this.host.dispatch).then(() => {
      this.calls.delete(exchange)
      this.take(-weight)
      this.host.changed()
    })
  }

  private take(input: number): void {
    this.inputs += input
    this.host.arrived.hold(input)
  }

  /** The remote is lost: every handler's signal fires. */
  abort(error: NanopeerError): void {
    for (const exchange of this.calls) exchange.abort(error)
  }

  /** Why no more requests are taken now. */
  private overload(weight: number): NanopeerError | null {
    const { pendingRequests, openStreams } = this.host.limits
    const limit = Math.min(pendingRequests, openStreams)
    const isOver = this.inputs + weight > maxPendingInput || this.isFull
    const isFull = this.inputs > 0 && isOver
    if (this.calls.size < limit && !isFull) return null
    const what = isFull ? 'as much input as its memory has room for' : `${limit} requests`
    const message = `This device takes at most ${what} at once from one remote; wait for some to end.`
    return new LimitError(isFull ? 'pendingInput' : 'pendingRequests', 'OVERLOADED', message)
  }

  private refuse({ action, request }: Envelope, error: NanopeerError): void {
    this.host.refused(error)
    if (++this.refusals > maxRefusals) {
      throw new NanopeerError('PROTOCOL', 'The remote asks on without reading what it is told.')
    }
    const told = () => {
      this.refusals--
    }
    // What was asked is not sent back with it: it may be large, and there may be a storm of these.
    const reply = replied(createEnvelope(action, request.id, null), replyWith(error))
    this.host.queue.write(this.host.codec.encode(reply)).then(told, told)
  }
}
