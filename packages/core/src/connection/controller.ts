import type { Clock } from '../base/clock'
import { destroyed, NanopeerError, type RequestError } from '../base/errors'
import type { Limits } from '../base/limits'
import type { Connection, ConnectionStatus, ConnectOptions, Peer, PendingRequest } from '../base/types'
import { encodeValue } from '../codec/write'
import type {
  ConnectionDriver,
  ConnectionHost,
  Exchange,
  OutgoingRequest,
  OutgoingRequestEvents,
} from '../engine'
import { controllerBehind, createHandle } from '../handle'
import { RefCount, SerialDisposable } from '../ref-count'
import { observedAtom, publish } from '../store'
import type { CallHost } from './call'
import { Calls, checkSize } from './calls'
import { type ConnectionEvent, connectionTransition, idleConnection, noStats } from './machine'
import { type MessageListener, Messages } from './messages'
import { WaitingDriver } from './waiting-driver'

/** What a connection needs of its peer. */
export interface ConnectionContext {
  readonly handle: Peer
  readonly hearsEvents: boolean
  readonly clock: Clock
  readonly limits: Limits
  /** The peer is being destroyed: nothing begins any more. */
  readonly isDestroyed: boolean
  /** Why there will never be an engine: null where there may. */
  readonly unsupported: NanopeerError | null
  /** Null while the engine is not there. */
  driveConnection(host: ConnectionHost): ConnectionDriver | null
  /** Keeps the peer open, and lists the connection that is held now. */
  hold(controller: ConnectionController): () => void
  /** Holds what the app has begun itself: for as long as the peer is opened, or for a moment. */
  begin(controller: ConnectionController): void
  retrySignalling(): void
  report(error: unknown, context: { readonly remoteId: string }): void
  /** A session began or ended. */
  changed(controller: ConnectionController): void
}

/** One logical connection: its stores, who holds it, and what is asked and said over it. */
export class ConnectionController implements CallHost, ConnectionHost {
  readonly handle: Connection
  readonly calls: Calls
  readonly $status
  readonly $requests
  readonly $stats
  /** What `connect` was given last, and a secret or a key whenever it was given. */
  options: ConnectOptions = {}
  outbound = false
  private driver: ConnectionDriver
  private readonly refCount: RefCount
  private readonly messages = new Messages()
  private readonly sessionListeners = new Set<() => void>()
  /** Our hold on the peer, while this is held itself. */
  private readonly onPeer = new SerialDisposable()
  /** Ours on this, by `peer.connect()` and by what is under way. */
  private readonly kept = new SerialDisposable()
  private readonly busy = new SerialDisposable()
  /** Somebody looks at the figures: as many as there are. */
  private readonly measuring = new SerialDisposable()
  private lookers = 0

  constructor(
    readonly context: ConnectionContext,
    readonly remoteId: string,
  ) {
    this.refCount = new RefCount(context.clock, (held) => (held ? this.held() : this.released()))
    const observed = () => this.refCount.add()
    this.$status = observedAtom<ConnectionStatus>(idleConnection, observed)
    this.$requests = observedAtom<readonly PendingRequest[]>([], () => {
      publish(this.$requests, this.calls.list())
      return observed()
    })
    this.$stats = observedAtom(noStats, () => {
      const release = observed()
      const stop = this.measure()
      return () => {
        stop()
        release()
      }
    })
    this.calls = new Calls(this)
    this.handle = createHandle<Connection>(
      'Connection',
      {
        remoteId,
        peer: context.handle,
        $status: this.$status,
        $stats: this.$stats,
        $requests: this.$requests,
        request: (action, ...rest) => this.calls.request(action, rest[0], rest[1]) as Promise<never>,
        send: (value) => this.send(value),
        onMessage: (listener) => this.onMessage((value) => listener(value)),
        reconnect: () => this.reconnect(),
        close: () => this.close(),
        revoke: () => this.revoke(),
      },
      this,
      () => ({ remoteId, peer: context.handle.id, status: this.$status.value?.state }),
    )
    this.driver = context.driveConnection(this) ?? new WaitingDriver(this, () => context.unsupported)
    if (context.isDestroyed) this.dispose()
  }

  get status(): ConnectionStatus {
    return this.$status.value as ConnectionStatus
  }

  get isLinked(): boolean {
    return this.driver.isLinked
  }

  get isHeld(): boolean {
    return this.refCount.isHeld
  }

  /** Whether the remote is not nanopeer, as far as is known. */
  get isPlain(): boolean {
    return this.driver.isPlain
  }

  /** The key that the remote has proved in this session, and those that it replaces. */
  get keys(): readonly string[] {
    return this.driver.keys
  }

  get hasSession(): boolean {
    return this.driver.isOn
  }

  /** The engine is there now. */
  engineLoaded(): void {
    const { driver } = this
    if (!(driver instanceof WaitingDriver)) return
    this.driver = this.context.driveConnection(this) ?? driver
    driver.handOver(this.driver)
    if (this.measuring.isSet) this.watchStats()
  }

  /**
   * What the app wants of this remote. A secret, a key and a protocol stay until others are given: a later caller who leaves the
   * secret out must not open the door. A session that has not proved what is asked now is ended.
   */
  configure(options: ConnectOptions): void {
    const before = this.options
    const { secret = before.secret, key = before.key, protocol = before.protocol } = options
    this.options = {
      ...options,
      ...(secret !== undefined && { secret }),
      ...(key !== undefined && { key }),
      ...(protocol && { protocol }),
    }
    this.driver.reconfigured(options, before)
  }

  /** The peer has another secret now, which is ours where we have none of our own. */
  peerSecretChanged(): void {
    if (this.options.secret === undefined) this.driver.secretChanged()
  }

  /** `peer.connect()` on a peer that is held by `open()`: stays until `close()`. */
  keep(): void {
    this.kept.set(this.want())
  }

  want(): () => void {
    // What the remote dialled stays its own to keep up, whatever is asked or said over it.
    if (!this.driver.inbound) this.outbound = true
    const undo = this.refCount.add(true)
    // Held already, perhaps by somebody who only watched an inbound connection.
    this.driver.dialIfWanted()
    return undo
  }

  request(request: OutgoingRequest, events: OutgoingRequestEvents, again: boolean): Exchange {
    // Another attempt, after the remote's session was lost: now it is up to us.
    if (!this.driver.inbound) this.outbound = true
    return this.driver.request(request, events, again)
  }

  requestStarted(requestId: string, action: string): (error: RequestError | null) => void {
    const { clock } = this.context
    const ended = this.driver.requestStarted(requestId, action, clock.now())
    return (error) => ended(error, clock.now())
  }

  async send(value: unknown): Promise<void> {
    if (this.context.isDestroyed) throw destroyed()
    const payload = encodeValue(value, 'INVALID_INPUT')
    checkSize(payload, this.context.limits.messageSize, 'The message')
    const release = this.want()
    try {
      await this.driver.send(payload)
    } finally {
      release()
    }
  }

  /** @param name of the messages to hear; null for those without one */
  onMessage(listener: MessageListener, name: string | null = null): () => void {
    const release = this.refCount.add()
    const unlisten = this.messages.listen(listener, name)
    return () => {
      release()
      unlisten()
    }
  }

  /** Keeps the figures up to date, and holds nothing. Returns its undo, to be called once. */
  measure(): () => void {
    if (this.lookers++ === 0) this.watchStats()
    return () => {
      if (--this.lookers === 0) this.measuring.dispose()
    }
  }

  /** Called whenever a new session (not a resumed one) is open. Returns its undo. */
  onSession(listener: () => void): () => void {
    this.sessionListeners.add(listener)
    return () => this.sessionListeners.delete(listener)
  }

  reconnect(): void {
    this.outbound = true
    this.context.retrySignalling()
    if (!this.hasSession && !this.refCount.hasHolders) this.context.begin(this)
    if (this.isLinked) this.driver.wake()
    else this.driver.dial()
  }

  wake(): void {
    this.driver.wake()
  }

  async close(): Promise<void> {
    this.outbound = false
    this.kept.dispose()
    await this.closeWith(new NanopeerError('ABORTED', 'The connection was closed.'))
  }

  revoke(): void {
    this.outbound = false
    this.kept.dispose()
    this.driver.revoke()
  }

  closeWith(error: NanopeerError): Promise<void> {
    return this.driver.close(error)
  }

  /** The peer is gone: nothing is held or looked at any more, whoever still listens. */
  dispose(): void {
    this.refCount.dispose()
    this.measuring.dispose()
    this.calls.rest()
  }

  abort(): void {
    this.driver.abort()
  }

  transition(event: ConnectionEvent): void {
    const after = connectionTransition(this.status, event)
    if (after === this.status) return
    publish(this.$status, after, event)
    if (this.calls.size > 0) this.requestsChanged()
  }

  /** Tells the app's `onError` what this remote did wrong. */
  report(error: unknown): void {
    this.context.report(error, { remoteId: this.remoteId })
  }

  requestsChanged(): void {
    if (this.$requests.lc > 0) publish(this.$requests, this.calls.list())
  }

  changed(): void {
    this.busyChanged()
    this.context.changed(this)
  }

  began(): void {
    for (const listener of [...this.sessionListeners]) listener()
  }

  message(value: unknown, weight: number, most: number): NanopeerError | null {
    return this.messages.receive(value, weight, most, !this.isPlain)
  }

  /** Exchanges in either direction hold the connection, and so the peer. */
  busyChanged(): void {
    if (this.driver.size === 0) this.busy.dispose()
    else if (!this.busy.isSet) this.busy.set(this.refCount.add(true))
  }

  private watchStats(): void {
    if (this.context.isDestroyed) return
    this.measuring.set(this.driver.watchStats((stats) => publish(this.$stats, stats)))
  }

  private held(): void {
    this.onPeer.set(this.context.hold(this))
    this.driver.dialIfWanted()
  }

  private released(): void {
    this.onPeer.dispose()
    this.calls.rest()
    this.context.changed(this)
    // An inbound connection belongs to the remote.
    if (this.driver.inbound) return
    void this.closeWith(new NanopeerError('ABORTED', 'Nobody holds the connection any more.'))
  }
}

/** The controller behind a handle. */
export const connectionControllerOf = (connection: Connection): ConnectionController =>
  controllerBehind(connection, 'connection') as ConnectionController
