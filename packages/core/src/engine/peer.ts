import { destroyed, NanopeerError } from '../base/errors'
import { isId } from '../base/id'
import { LimitError } from '../base/limits'
import type {
  Call,
  DialOptions,
  IncomingOffer,
  Link,
  PlainChannel,
  Signalling,
  Standing,
  Verdict,
} from '../base/transport'
import type { Connection, Limits, Remote } from '../base/types'
import type { ConnectionDriver, ConnectionHost, PeerDriver, PeerHost } from '../engine'
import { decideSafely } from './accept'
import { Admission } from './admission'
import { Bucket } from './bucket'
import { EngineConnectionDriver } from './connection/driver'
import type { PeerContext } from './context'
import { currentFunctions } from './current-functions'
import { Events } from './events'
import { refuseLink } from './handshake/open-link'
import { OfferProofs } from './offer-proofs'
import type { Answer, IncomingRequest } from './rpc/run-handler'
import { ReceiveBudget } from './rpc/window'
import { HandlerRunner } from './serve'
import { FairReads } from './session/fair-reads'
import { HeldBytes } from './session/held-bytes'
import { shownTransport } from './tools'
import { Trust } from './trust'

/** A `secret` that is a function may look things up, and strangers choose what it is asked: so often in a second. */
const lookupsPerSecond = 100

/** One device on the network: its signalling, who may come in, and what all its connections share. */
export class EnginePeerDriver implements PeerDriver, PeerContext {
  readonly id
  readonly options
  readonly clock
  readonly limits
  readonly budget = new ReceiveBudget()
  readonly held
  readonly arrived
  readonly fairReads
  readonly admission
  readonly trust
  private readonly lookups
  private readonly proofs
  private readonly reporter: Events
  private readonly runner
  private readonly drivers = new WeakMap<ConnectionHost, EngineConnectionDriver>()
  private signalling: Signalling | null = null
  /** When this peer took its id, on the clock; null while it has none. */
  private openedAt: number | null = null
  private isIntroduced = false

  constructor(private readonly host: PeerHost) {
    const { id, options, clock, limits } = host
    this.id = id
    this.options = options
    this.clock = clock
    this.limits = limits
    this.fairReads = new FairReads(clock)
    this.held = new HeldBytes(clock)
    this.arrived = new HeldBytes(clock)
    this.admission = new Admission(clock, limits)
    this.trust = new Trust(host)
    this.lookups = new Bucket(clock, lookupsPerSecond, 1000)
    this.proofs = new OfferProofs(clock)
    this.runner = new HandlerRunner(host)
    this.reporter = new Events(clock, (event) => host.happened(event))
  }

  get events(): Events | null {
    return this.host.hearsEvents ? this.reporter : null
  }

  get age(): number {
    return this.openedAt === null ? 0 : this.clock.now() - this.openedAt
  }

  get hasLeft(): boolean {
    return this.signalling === null
  }

  get hasTracks(): boolean {
    return (this.host.transport.createStream?.() ?? null) !== null
  }

  createStream(): MediaStream {
    // Only asked for where there are tracks.
    return this.host.transport.createStream?.() as MediaStream
  }

  driveConnection(host: ConnectionHost): ConnectionDriver {
    const driver = new EngineConnectionDriver(this, host)
    this.drivers.set(host, driver)
    return driver
  }

  join(): void {
    this.introduce()
    const { server, iceServers } = currentFunctions(this.host)
    this.signalling = shownTransport(this.host.transport).join(
      this.id,
      { server, iceServers, handshakes: this.limits.handshakes },
      {
        connecting: () => this.host.transition({ type: 'attempted' }),
        open: () => {
          this.openedAt ??= this.clock.now()
          this.host.transition({ type: 'opened' })
          this.host.opened()
        },
        disconnected: (error, retryAt) => this.host.transition({ type: 'lost', error, retryAt }),
        offer: (offer) => this.offered(offer),
        link: (link, standing) => this.incoming(link, standing),
        plain: (channel, standing) => this.incomingPlain(channel, standing),
        call: (call, standing) => this.incomingCall(call, standing),
      },
    )
  }

  /** Tells who we are, the first time: an identity that was made anew leaves no other trace. */
  private introduce(): void {
    if (this.isIntroduced || !this.options.identity) return
    this.isIntroduced = true
    this.trust.identity().then(
      (identity) => identity && this.events?.identity(identity),
      (error: unknown) => this.report(error, {}),
    )
  }

  retry(): void {
    this.signalling?.retry()
  }

  async detach(): Promise<void> {
    const { signalling } = this
    this.signalling = null
    this.openedAt = null
    const left = signalling?.leave()
    // Whom somebody is still being asked about would come to a device that is off.
    this.admission.abort()
    await left
  }

  abort(): void {
    this.admission.abort()
  }

  async dial(remoteId: string, options: DialOptions): Promise<Link> {
    return this.dialler().dial(remoteId, options)
  }

  async dialPlain(remoteId: string, options: DialOptions): Promise<PlainChannel> {
    return this.dialler().dialPlain(remoteId, options)
  }

  call(remoteId: string, metadata: unknown): Call {
    const call = this.dialler().call?.(remoteId, metadata)
    if (call && this.hasTracks) return call
    throw new NanopeerError('UNSUPPORTED', 'There are no PeerJS calls here: they take a browser, and PeerJS.')
  }

  accepts(remote: Remote, keys: readonly string[], wait?: () => void): Promise<boolean> {
    return decideSafely(this.options.accept, remote, keys, this.clock, this.report, wait)
  }

  serve(request: IncomingRequest, connection: Connection, remote: Remote): Promise<Answer> {
    const { events, runner } = this
    const serve = () => runner.serve(request, connection, remote)
    return events ? events.served(connection.remoteId, request, serve) : serve()
  }

  readonly report: PeerHost['report'] = (error, context) => this.host.report(error, context)

  /** A remote begins to dial us. */
  private offered({ remoteId, connectionId, credential, isCall }: IncomingOffer): Verdict | Promise<Verdict> {
    if (!this.isDialable(remoteId)) return 'ignored'
    const limit = this.admission.dialled(remoteId)
    if (limit) return this.ignored(remoteId, limit)
    if (isCall) return this.hasTracks ? this.judgeCall(remoteId) : 'ignored'
    if (this.isKnown(remoteId)) return this.judge(remoteId, 'known')
    if (credential === null || this.admission.isOverDials(remoteId)) return this.judge(remoteId, 'stranger')
    const judge = () => ({
      secret: this.secretForOffer(remoteId),
      isOurs: (key: string) => this.trust.isOurs(remoteId, key),
    })
    const offer = { from: remoteId, to: this.id, connectionId }
    return this.proofs.provedBy(judge, offer, credential).then(
      (by) => this.judge(remoteId, by === null ? 'stranger' : 'proved', by),
      (error) => {
        this.report(error, { remoteId })
        return this.judge(remoteId, 'stranger')
      },
    )
  }

  /** Null also where too many ask. */
  private secretForOffer(remoteId: string): string | null {
    const isLookedUp = typeof this.options.secret === 'function'
    return isLookedUp && !this.lookups.take() ? null : this.trust.secretFor(remoteId)
  }

  /** A PeerJS client can prove nothing, and its call is no dial of the connection's. */
  private judgeCall(remoteId: string): Verdict {
    const standing = this.isKnown(remoteId) ? 'known' : 'stranger'
    const limit = this.admission.ignores(standing, null)
    return limit ? this.ignored(remoteId, limit) : standing
  }

  private ignored(remoteId: string, limit: keyof Limits): Verdict {
    this.events?.limitHit(remoteId, limit)
    return 'ignored'
  }

  private judge(remoteId: string, standing: Standing, credential: string | null = null): Verdict {
    const limit = this.admission.ignores(standing, credential)
    if (limit) {
      const verdict = this.ignored(remoteId, limit)
      return limit === 'handshakes' && this.admission.tells() ? 'busy' : verdict
    }
    this.driverOf(this.host.connectionWith(remoteId))?.offered()
    return standing
  }

  private incoming(link: Link, standing: Standing): void {
    const refusal = this.refusal(link, standing)
    if (refusal) refuseLink(link, refusal)
    else if (refusal === null) this.driverOf(this.host.inboundFrom(link.remoteId))?.incoming(link)
  }

  /** A remote that is not nanopeer dialled us; it understands no goodbye of ours. */
  private incomingPlain(channel: PlainChannel, standing: Standing): void {
    const refusal = this.refusal(channel, standing)
    if (refusal) void channel.close(0)
    else if (refusal === null) this.driverOf(this.host.inboundFrom(channel.remoteId))?.incomingPlain(channel)
  }

  private incomingCall(call: Call, standing: Standing): void {
    const refusal = this.refusal(call, standing)
    if (refusal) call.close()
    else if (refusal === null) this.driverOf(this.host.inboundFrom(call.remoteId))?.incomingCall(call)
  }

  /** Why a link is not taken; null when it is, undefined where it is closed without a word. */
  private refusal(
    link: Pick<Link, 'remoteId'> & { close(drainTimeout?: number): unknown },
    standing: Standing,
  ): NanopeerError | null | undefined {
    const { remoteId } = link
    // A signalling server lets anybody register anything.
    if (this.hasLeft || !this.isDialable(remoteId)) {
      void link.close(0)
      return undefined
    }
    const sessions = this.host.sessionsBeside(remoteId)
    const hasRoom = (limit: number) =>
      sessions.length < limit || (standing === 'proved' && this.endStranger(sessions))
    const refusal = this.admission.refusal(link, standing, hasRoom)
    if (refusal) this.events?.notTaken(remoteId, 'link', refusal)
    if (refusal) this.report(refusal, { remoteId })
    return refusal
  }

  /**
   * Ends a session of one of those who are served as anyone: an idle one, where there is one. Whom the app has named, listed or
   * accepted by itself is none of them.
   */
  private endStranger(sessions: readonly ConnectionHost[]): boolean {
    if (this.options.accept !== 'anyone') return false
    const strangers = sessions
      .filter(({ outbound }) => !outbound)
      .flatMap((session) => this.driverOf(session) ?? [])
      .filter(({ isAuthenticated }) => !isAuthenticated)
    const first = strangers.find(({ size }) => size === 0) ?? strangers[0]
    const message = 'The session made room for a remote that is known.'
    void first?.close(new LimitError('sessions', 'OVERLOADED', message))
    return first !== undefined
  }

  private isDialable(remoteId: string): boolean {
    return isId(remoteId) && remoteId !== this.id
  }

  /** Whether we have to do with this remote already, or mean to. */
  private isKnown(remoteId: string): boolean {
    const { accept } = this.options
    const isListed = typeof accept === 'object' && accept.includes(remoteId)
    return isListed || this.driverOf(this.host.connectionWith(remoteId))?.isKnown === true
  }

  private driverOf(host: ConnectionHost | undefined): EngineConnectionDriver | undefined {
    return host && this.drivers.get(host)
  }

  /** @throws `NanopeerError` where nothing can be dialled. */
  private dialler(): Signalling {
    if (this.host.isDestroyed) throw destroyed()
    if (!this.host.transport.isSupported()) {
      throw new NanopeerError('UNSUPPORTED', 'There is no WebRTC here, so nothing can be dialled.')
    }
    if (!this.signalling) throw new NanopeerError('NETWORK', 'Nothing holds this peer open.')
    return this.signalling
  }
}
