import type { Clock } from '../clock'
import { encodeValue } from '../codec/values'
import { decideSafely } from '../engine/accept'
import type { ConnectionContext } from '../engine/connection/context'
import type { KeeperHost } from '../engine/connection/dial-keeper'
import type { Exchange, Keeper } from '../engine/connection/keeper'
import { PlainKeeper } from '../engine/connection/plain-keeper'
import { SessionKeeper } from '../engine/connection/session-keeper'
import type { OutgoingRequest, OutgoingRequestEvents } from '../engine/rpc/outgoing-call'
import type { Answer, IncomingRequest } from '../engine/rpc/run-handler'
import { destroyed, NanopeerError } from '../errors'
import { RefCount, SerialDisposable } from '../ref-count'
import { observedAtom, publish } from '../store'
import type { Link, PlainChannel } from '../transport'
import type { Connection, ConnectionStatus, ConnectOptions, Limits, PendingRequest } from '../types'
import { type CallHost, Calls, checkSize } from './calls'
import { createConnectionHandle } from './handle'
import { type ConnectionEvent, connectionTransition, idleConnection } from './machine'
import { Messages } from './messages'
import { Stats } from './stats'

/** One logical connection: its stores, who holds it, and what is asked and answered over it. */
export class ConnectionController implements CallHost, KeeperHost {
  readonly handle: Connection
  readonly calls: Calls
  readonly stats: Stats
  readonly $status
  readonly $requests
  /** What `connect` was given last, and a secret whenever it was given. */
  options: ConnectOptions = {}
  outbound = false
  /** What is talked over now: the sessions, unless the remote is not nanopeer. */
  private keeper: Keeper
  private readonly sessions: SessionKeeper
  private plain: PlainKeeper | null = null
  private readonly hold: RefCount
  private readonly messages: Messages
  private readonly sessionListeners = new Set<() => void>()
  /** Our hold on the peer, while this is held itself. */
  private readonly onPeer = new SerialDisposable()
  /** Ours on this, by `peer.connect()` and by what is under way. */
  private readonly kept = new SerialDisposable()
  private readonly busy = new SerialDisposable()

  constructor(
    readonly context: ConnectionContext,
    readonly remoteId: string,
  ) {
    const { clock } = context
    this.hold = new RefCount(clock, (held) => (held ? this.held() : this.released()))
    const observed = () => this.hold.add()
    this.$status = observedAtom<ConnectionStatus>(idleConnection, observed)
    this.$requests = observedAtom<readonly PendingRequest[]>([], () => {
      publish(this.$requests, this.calls.list())
      return observed()
    })
    this.keeper = this.sessions = new SessionKeeper(this)
    this.messages = new Messages((error) => {
      context.events?.notTaken(remoteId, 'request', error)
      context.report(error, remoteId)
    })
    const ping = () => this.keeper.ping()
    this.stats = new Stats(clock, () => this.keeper.figures, ping, observed)
    this.calls = new Calls(this)
    this.handle = createConnectionHandle(this)
    if (context.isDestroyed) this.end()
  }

  get clock(): Clock {
    return this.context.clock
  }

  get limits(): Limits {
    return this.context.limits
  }

  get status(): ConnectionStatus {
    return this.$status.value as ConnectionStatus
  }

  get isLinked(): boolean {
    return this.keeper.isLinked
  }

  get isHeld(): boolean {
    return this.hold.isHeld
  }

  get hasSession(): boolean {
    return this.keeper.isOn
  }

  /** Held, or meant to be dialled again, by somebody here: not to be forgotten. */
  get isWanted(): boolean {
    return this.hold.isHeld || this.outbound
  }

  /** What its session holds; for `census.ts`. */
  get census() {
    return this.keeper.census
  }

  /**
   * What the app wants of this remote. A secret and a protocol stay until others are given: a later caller who leaves the
   * secret out must not open the door. A session that has not proved the new one is ended.
   */
  configure(options: ConnectOptions): void {
    const { secret = this.options.secret, protocol = this.options.protocol } = options
    const isNew = secret !== this.options.secret
    this.options = { ...options, ...(secret !== undefined && { secret }), ...(protocol && { protocol }) }
    const { keeper: before, status } = this
    if (options.protocol) this.keeper = this.dialler
    const isOther = this.keeper !== before
    if (!isNew && !isOther) return
    // Later: this may be a render, in which no store may change. Requests look for themselves.
    queueMicrotask(async () => {
      // The remote hears our goodbye before it hears of anything new.
      if (isOther) await this.retire(before).then(() => this.forget(status))
      this.keeper.dropUnproven()
      this.keeper.dialIfWanted()
    })
  }

  /** What dials this remote: what the app has named, and never what somebody under the remote's id happens to speak. */
  get dialler(): Keeper {
    const { protocol = 'nanopeer' } = this.options
    return protocol === 'nanopeer' ? this.sessions : this.plainKeeper
  }

  speak(keeper: Keeper): void {
    const { keeper: before, status } = this
    if (before === keeper) return
    this.keeper = keeper
    void this.retire(before)
    this.forget(status)
  }

  /** `peer.connect()` on a peer that is held by `open()`: stays until `close()`. */
  keep(): void {
    this.kept.take(this.want())
  }

  want(): () => void {
    // What the remote dialled stays its own to keep up, whatever is asked or said over it.
    if (!this.keeper.inbound) this.outbound = true
    const undo = this.hold.add(true)
    // Held already, perhaps by somebody who only watched an inbound connection.
    this.keeper.dialIfWanted()
    return undo
  }

  ask(ask: OutgoingRequest, events: OutgoingRequestEvents, again: boolean): Exchange {
    // Another attempt, after the remote's session was lost: now it is up to us.
    if (!this.keeper.inbound) this.outbound = true
    return this.keeper.ask(ask, events, again)
  }

  async send(value: unknown): Promise<void> {
    if (this.context.isDestroyed) throw destroyed()
    const payload = encodeValue(value, 'INVALID_INPUT')
    checkSize(payload, this.limits.messageSize, 'The message')
    const release = this.want()
    try {
      await this.keeper.send(payload)
    } finally {
      release()
    }
  }

  onMessage(listener: (value: unknown) => void): () => void {
    const release = this.hold.add()
    const unlisten = this.messages.listen(listener)
    return () => {
      release()
      unlisten()
    }
  }

  /** Called whenever a new session (not a resumed one) is open. */
  onSession(listener: () => void): () => void {
    this.sessionListeners.add(listener)
    return () => this.sessionListeners.delete(listener)
  }

  reconnect(): void {
    this.outbound = true
    this.context.retrySignalling()
    if (this.isLinked) this.keeper.wake()
    else this.keeper.startDialling()
  }

  wake(): void {
    this.keeper.wake()
  }

  async close(): Promise<void> {
    this.outbound = false
    this.kept.drop()
    await this.shut(new NanopeerError('ABORTED', 'The connection was closed.'))
  }

  shut(error: NanopeerError): Promise<void> {
    return this.keeper.shut(error)
  }

  /** The peer is gone: nothing is held or looked at any more, whoever still listens. */
  end(): void {
    this.hold.end()
    this.stats.end()
    this.calls.rest()
  }

  leave(): void {
    this.keeper.leave()
  }

  /** The remote begins to dial us. */
  offered(): void {
    this.sessions.offered()
  }

  incoming(link: Link): void {
    this.sessions.incoming(link)
  }

  /** The remote dialled us, and is not nanopeer. It cannot take the place of one that is, or that we mean to dial. */
  incomingPlain(channel: PlainChannel): void {
    const isTaken = () => this.sessions.isOn || (this.outbound && this.dialler === this.sessions)
    if (isTaken()) {
      void channel.close(0)
      this.changed()
    } else void this.plainKeeper.incoming(channel, isTaken)
  }

  transition(event: ConnectionEvent, by: Keeper): void {
    if (by !== this.keeper) return
    const after = connectionTransition(this.status, event)
    if (after === this.status) return
    publish(this.$status, after, event)
    if (this.calls.size > 0) this.requestsChanged()
  }

  requestsChanged(): void {
    if (this.$requests.lc > 0) publish(this.$requests, this.calls.list())
  }

  /** A PeerJS client has left. If it was one that dialled us, what the app has named takes its place again. */
  plainEnded(): void {
    // Later: another channel of it may be about to take over.
    queueMicrotask(() => {
      if (this.keeper !== this.plain || this.plain.isOn || this.dialler === this.plain) return
      this.keeper = this.sessions
      this.keeper.dialIfWanted()
    })
  }

  changed(): void {
    this.busyChanged()
    void this.stats.linkChanged()
    this.context.changed(this)
  }

  began(): void {
    for (const listener of [...this.sessionListeners]) listener()
  }

  decide(metadata: unknown, authenticated: boolean, wait?: () => void): Promise<boolean> {
    return decideSafely(this.context, { id: this.remoteId, metadata, authenticated }, wait)
  }

  /** Runs the handler, for a remote that is accepted. */
  serve(request: IncomingRequest): Promise<Answer> {
    return this.context.serve(request, this.handle)
  }

  message(value: unknown, size: number): void {
    this.messages.receive(value, size)
  }

  /** Another keeper has taken over: what this one still says is not heard. */
  private retire(keeper: Keeper): Promise<void> {
    return keeper.shut(new NanopeerError('ABORTED', 'The connection goes on by another protocol.'))
  }

  /** Takes back what the keeper before had said. */
  private forget({ state }: ConnectionStatus): void {
    const wasUp = state !== 'idle' && state !== 'closed'
    this.transition(
      wasUp ? { type: 'closed', error: null } : { type: 'scheduled', retryAt: null },
      this.keeper,
    )
  }

  private get plainKeeper(): PlainKeeper {
    this.plain ??= new PlainKeeper(this)
    return this.plain
  }

  private held(): void {
    this.onPeer.take(this.context.hold(this))
    this.keeper.dialIfWanted()
  }

  private released(): void {
    this.onPeer.drop()
    this.calls.rest()
    // An inbound connection belongs to the remote.
    if (this.keeper.inbound) return
    void this.shut(new NanopeerError('ABORTED', 'Nobody holds the connection any more.'))
  }

  /** Exchanges in either direction hold the connection, and so the peer. */
  busyChanged(): void {
    if (this.keeper.size === 0) this.busy.drop()
    else if (!this.busy.isTaken) this.busy.take(this.hold.add(true))
  }
}
