import { NanopeerError } from '../../base/errors'
import type { Call, Link, PlainChannel } from '../../base/transport'
import type { ConnectionStats, ConnectOptions } from '../../base/types'
import type { ConnectionEvent } from '../../connection/machine'
import type {
  ConnectionDriver,
  ConnectionHost,
  Exchange,
  OutgoingRequest,
  OutgoingRequestEvents,
  RequestEnded,
} from '../../engine'
import type { PeerContext } from '../context'
import { PlainDriver } from './plain-driver'
import type { AnyProtocolDriver, ProtocolHost } from './protocol-driver'
import { SessionDriver } from './session-driver'
import { Stats } from './stats'

/** What all remotes may have waiting for a first listener, bytes of memory: each an even part of it. */
const maxUnheard = 64 * 1024 * 1024

/** Drives one connection: over sessions, unless the remote is not nanopeer. */
export class EngineConnectionDriver implements ConnectionDriver, ProtocolHost {
  private readonly sessions: SessionDriver
  private plain: PlainDriver | null = null
  private readonly stats: Stats
  /** What is talked over now. */
  private current: AnyProtocolDriver

  constructor(
    readonly context: PeerContext,
    readonly connection: ConnectionHost,
  ) {
    this.sessions = new SessionDriver(this)
    this.current = this.dialler
    this.stats = new Stats(
      context.clock,
      () => this.current.figures,
      () => this.current.ping(),
    )
  }

  get isLinked(): boolean {
    return this.current.isLinked
  }

  get isOn(): boolean {
    return this.current.isOn
  }

  get isPlain(): boolean {
    return this.current === this.plain
  }

  get inbound(): boolean {
    return this.current.inbound
  }

  get size(): number {
    return this.current.size
  }

  /** The remote has proved what was asked of it. */
  get isAuthenticated(): boolean {
    return this.sessions.isAuthenticated
  }

  /** Whether we have to do with this remote already, or mean to. */
  get isKnown(): boolean {
    return this.isOn || this.connection.isHeld || this.connection.outbound
  }

  request(request: OutgoingRequest, events: OutgoingRequestEvents, again: boolean): Exchange {
    return this.current.request(request, events, again)
  }

  send(payload: Uint8Array): Promise<void> {
    return this.current.send(payload)
  }

  requestStarted(requestId: string, action: string, at: number): RequestEnded {
    const { events } = this.context
    return events?.requestStarted(this.connection.remoteId, 'out', requestId, action, at) ?? (() => {})
  }

  watchStats(tell: (stats: ConnectionStats) => void): () => void {
    return this.stats.watch(tell)
  }

  changed(): void {
    this.connection.changed()
    this.stats.linkChanged()
  }

  wake(): void {
    this.current.wake()
  }

  dial(): void {
    this.current.startDialling()
  }

  dialIfWanted(): void {
    this.current.dialIfWanted()
  }

  /** What dials this remote: what the app has named, and never what somebody under the remote's id happens to speak. */
  get dialler(): AnyProtocolDriver {
    const { protocol = 'nanopeer' } = this.connection.options
    return protocol === 'nanopeer' ? this.sessions : this.plainDriver
  }

  reconfigured(given: ConnectOptions, before: ConnectOptions): void {
    const { options, status } = this.connection
    const former = this.current
    if (given.protocol) this.current = this.dialler
    const isOther = this.current !== former
    if (isOther) {
      // The remote hears our goodbye before it hears of anything new.
      queueMicrotask(() =>
        retire(former)
          .then(() => this.takeBack(status.state))
          .then(() => this.prove()),
      )
    } else if (options.secret !== before.secret || options.key !== before.key) this.secretChanged()
  }

  /** Later: this may be a render, in which no store may change. Requests look for themselves. */
  secretChanged(): void {
    queueMicrotask(() => this.prove())
  }

  private prove(): void {
    this.current.dropUnproven()
    this.current.dialIfWanted()
  }

  get keys(): readonly string[] {
    return this.sessions.keys
  }

  revoke(): void {
    this.current.revoke(new NanopeerError('ABORTED', 'The session was revoked.'))
  }

  close(error: NanopeerError): Promise<void> {
    return this.current.close(error)
  }

  abort(): void {
    this.current.abort()
  }

  /** The remote begins to dial us. */
  offered(): void {
    this.sessions.offered()
  }

  /** The remote dialled us. */
  incoming(link: Link): void {
    this.sessions.incoming(link)
  }

  /** The remote dialled us, and is not nanopeer. It cannot take the place of one that is, or that we mean to dial. */
  incomingPlain(channel: PlainChannel): void {
    if (this.isTaken) {
      void channel.close(0)
      this.changed()
    } else void this.plainDriver.incoming(channel, () => this.isTaken)
  }

  /** The remote calls us, as PeerJS clients do. What holds for its channels holds for its calls. */
  incomingCall(call: Call): void {
    if (this.isTaken) call.close()
    else void this.plainDriver.incomingCall(call, () => this.isTaken)
  }

  /** There is a session with a remote that is nanopeer, or we mean to have one. */
  private get isTaken(): boolean {
    return this.sessions.isOn || (this.connection.outbound && this.dialler === this.sessions)
  }

  transition(event: ConnectionEvent, by: AnyProtocolDriver): void {
    if (by === this.current) this.connection.transition(event)
  }

  switchTo(driver: AnyProtocolDriver): void {
    const { current: former, connection } = this
    if (former === driver) return
    const { state } = connection.status
    this.current = driver
    void retire(former)
    this.takeBack(state)
  }

  message(value: unknown, weight: number): void {
    const { connection, context } = this
    const lost = connection.message(value, weight, maxUnheard / context.fairReads.live)
    if (!lost) return
    context.events?.notTaken(connection.remoteId, 'request', lost)
    context.report(lost, { remoteId: connection.remoteId })
  }

  /** A PeerJS client has left. If it was one that dialled us, what the app has named takes its place again. */
  plainEnded(): void {
    // Later: another channel of it may be about to take over.
    queueMicrotask(() => {
      if (this.current !== this.plain || this.plain.isOn || this.dialler === this.plain) return
      this.current = this.sessions
      this.current.dialIfWanted()
    })
  }

  private get plainDriver(): PlainDriver {
    this.plain ??= new PlainDriver(this)
    return this.plain
  }

  /** Takes back what the driver before had said. */
  private takeBack(state: ConnectionHost['status']['state']): void {
    const wasUp = state !== 'idle' && state !== 'closed'
    this.connection.transition(wasUp ? { type: 'closed', error: null } : { type: 'scheduled', retryAt: null })
  }
}

/** Another driver has taken over: what this one still says is not heard. */
const retire = (driver: AnyProtocolDriver): Promise<void> =>
  driver.close(new NanopeerError('ABORTED', 'The connection goes on by another protocol.'))
