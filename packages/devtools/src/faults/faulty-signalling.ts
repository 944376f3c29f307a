import {
  type Call,
  type DialFailure,
  type DialOptions,
  type IncomingOffer,
  type Link,
  NanopeerError,
  type PlainChannel,
  type Signalling,
  type SignallingEvents,
  type SignallingOptions,
  type Standing,
  type Transport,
  type Verdict,
} from '@nanopeer/core'
import type { Faults } from './faults'

interface Incoming {
  readonly remoteId: string
  close(drainTimeout?: number): unknown
}

/** Signalling that refuses whom it is told to refuse, and puts faults on the links of all others. */
export class FaultySignalling implements Signalling {
  readonly call?: (remoteId: string, metadata: unknown) => Call
  private readonly signalling: Signalling

  constructor(
    private readonly faults: Faults,
    transport: Transport,
    private readonly id: string,
    options: SignallingOptions,
    private readonly events: SignallingEvents,
  ) {
    this.signalling = transport.join(id, options, {
      connecting: () => events.connecting(),
      open: () => events.open(),
      disconnected: (error, retryAt) => events.disconnected(error, retryAt),
      taken: () => events.taken?.(),
      offer: (offer) => this.offered(offer),
      link: this.unlessRefused<Link>((link, standing) => events.link(faults.enter(id, link), standing)),
      plain: this.unlessRefused<PlainChannel>((channel, standing) => events.plain(channel, standing)),
      call: this.unlessRefused<Call>((call, standing) => events.call?.(call, standing)),
    })
    const call = this.signalling.call?.bind(this.signalling)
    if (!call) return
    this.call = (remoteId, metadata) => {
      this.refuse(remoteId)
      return call(remoteId, metadata)
    }
  }

  async dial(remoteId: string, options: DialOptions): Promise<Link> {
    this.refuse(remoteId)
    return this.faults.enter(this.id, await this.signalling.dial(remoteId, options))
  }

  async dialPlain(remoteId: string, options: DialOptions): Promise<PlainChannel> {
    this.refuse(remoteId)
    return this.signalling.dialPlain(remoteId, options)
  }

  retry(): void {
    this.signalling.retry()
  }

  leave(): Promise<void> {
    return this.signalling.leave()
  }

  private isRefused(remoteId: string): boolean {
    const { isRefused, isCut } = this.faults.of(this.id, remoteId)
    return isRefused || isCut
  }

  private refuse(remoteId: string): void {
    const { isRefused, isCut } = this.faults.of(this.id, remoteId)
    if (isRefused) throw failure('PEER_UNAVAILABLE', 'The developer tools refuse this remote.', 'signalling')
    if (isCut) throw failure('NETWORK', 'The developer tools have cut the line to this remote.', 'ice')
  }

  private offered(offer: IncomingOffer): Verdict | Promise<Verdict> {
    return this.isRefused(offer.remoteId) ? 'ignored' : (this.events.offer?.(offer) ?? 'stranger')
  }

  private unlessRefused<From extends Incoming>(take: (from: From, standing: Standing) => void) {
    return (from: From, standing: Standing): void => {
      if (this.isRefused(from.remoteId)) void from.close(0)
      else take(from, standing)
    }
  }
}

const failure = (code: 'PEER_UNAVAILABLE' | 'NETWORK', message: string, stage: DialFailure['stage']) =>
  new NanopeerError(code, message, { cause: { stage, explain: 'It is mended under Faults.' } })
