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

/** Signalling that refuses whom it is told to refuse, and puts faults on the links of all others. */
export class FaultySignalling implements Signalling {
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
      link: (link, standing) => this.incoming(link, standing),
      plain: (channel, standing) => this.incomingPlain(channel, standing),
      call: (call, standing) => this.incomingCall(call, standing),
    })
  }

  async dial(remoteId: string, options: DialOptions): Promise<Link> {
    this.refuse(remoteId)
    return this.faults.enter(this.id, await this.signalling.dial(remoteId, options))
  }

  async dialPlain(remoteId: string, options: DialOptions): Promise<PlainChannel> {
    this.refuse(remoteId)
    return this.signalling.dialPlain(remoteId, options)
  }

  call(remoteId: string, metadata: unknown): Call {
    this.refuse(remoteId)
    if (this.signalling.call) return this.signalling.call(remoteId, metadata)
    throw new NanopeerError('UNSUPPORTED', 'This transport has no PeerJS calls.')
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

  private incoming(link: Link, standing: Standing): void {
    if (this.isRefused(link.remoteId)) void link.close(0)
    else this.events.link(this.faults.enter(this.id, link), standing)
  }

  private incomingPlain(channel: PlainChannel, standing: Standing): void {
    if (this.isRefused(channel.remoteId)) void channel.close(0)
    else this.events.plain(channel, standing)
  }

  private incomingCall(call: Call, standing: Standing): void {
    if (this.isRefused(call.remoteId)) call.close()
    else this.events.call?.(call, standing)
  }
}

const failure = (code: 'PEER_UNAVAILABLE' | 'NETWORK', message: string, stage: DialFailure['stage']) =>
  new NanopeerError(code, message, { cause: { stage, explain: 'It is mended under Faults.' } })
