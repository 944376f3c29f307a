import { refuseReserved } from '../base/action'
import { checkPeerOptions, checkTime } from '../base/check-options'
import { systemClock } from '../base/clock'
import { isWatched, type PeerInspection, showEvent } from '../base/devtools-hook'
import { destroyed, NanopeerError } from '../base/errors'
import type { NanopeerEvent } from '../base/event'
import { checkId } from '../base/id'
import { nobody } from '../base/identity'
import { checkKey } from '../base/known'
import { type Limits, resolveLimits } from '../base/limits'
import { encodeMetadata } from '../base/metadata'
import type { Registration } from '../base/registration'
import type { Transport } from '../base/transport'
import type { ActionLike, Connection, ConnectOptions, Peer, PeerOptions, PeerStatus } from '../base/types'
import {
  type ConnectionContext,
  ConnectionController,
  connectionControllerOf,
} from '../connection/controller'
import type { ConnectionDriver, ConnectionHost, Engine, PeerDriver, PeerHost } from '../engine'
import { controllerBehind, createHandle } from '../handle'
import { engineAtHand } from '../load-engine'
import { RefCount } from '../ref-count'
import { observedAtom, publish } from '../store'
import { Directory } from './directory'
import { EngineLoader } from './engine-loader'
import { Handlers } from './handlers'
import { idlePeer, type PeerEvent, peerTransition } from './machine'
import { countOnline } from './online'
import { untilOpen } from './open'
import { watchPage } from './page-events'
import { Pairings } from './pairing'
import { createReport } from './report'
import { checkTrust, contentOf } from './trust'
import { warnAboutAccess } from './warn'

/** Read whenever they are needed. */
const changing = ['secret', 'accept', 'iceServers', 'onError', 'onEvent'] as const

/** One device on the network: who holds it, its connections and its handlers. A driver does what takes a wire. */
export class PeerController implements PeerHost, ConnectionContext {
  readonly handle: Peer
  /** A copy: hooks change what is given anew. */
  readonly options: { -readonly [Name in keyof PeerOptions]: PeerOptions[Name] }
  readonly $status
  readonly clock
  readonly limits: Limits
  readonly report: NonNullable<PeerOptions['onError']>
  readonly handlers = new Handlers()
  readonly connections: Directory
  private readonly refCount: RefCount
  private readonly loader: EngineLoader
  /** Null until the engine is there. */
  private driver: PeerDriver | null = null
  private unwatchPage: (() => void) | null = null
  /** From the first word of `destroy()` on. */
  isDestroyed = false
  private destroying: Promise<void> | null = null
  private isOpened = false
  private warned = false
  /** Where it registers is said once; with what token, anew. */
  latestServer: PeerOptions['server']
  readonly revoked = new Set<string>()
  private readonly pairings = new Pairings(this)

  constructor(
    readonly id: string,
    options: PeerOptions,
    readonly transport: Transport,
    private readonly forget: () => void,
  ) {
    checkId(id)
    checkPeerOptions(options)
    checkTrust(options)
    this.options = { ...options }
    this.clock = transport.clock ?? systemClock
    this.limits = resolveLimits(options.limits)
    this.report = createReport(() => this.options.onError)
    this.refCount = new RefCount(this.clock, (held) => (held ? this.join() : this.released()))
    const observed = () => this.refCount.add()
    this.$status = observedAtom<PeerStatus>(idlePeer, observed)
    const create = (remoteId: string) => new ConnectionController(this, remoteId)
    this.connections = new Directory(id, create, observed)
    this.loader = new EngineLoader(transport, this.clock, options.reconnect ?? {}, {
      attempted: () => this.transition({ type: 'attempted' }),
      loaded: (engine) => this.drive(engine),
      failed: (error, retryAt) => this.transition({ type: 'lost', error, retryAt }),
    })
    this.handle = createHandle<Peer>(
      'Peer',
      {
        id,
        $status: this.$status,
        $connections: this.connections.$connections,
        $online: countOnline(this.connections.$connections),
        open: () => this.open(),
        connect: (remoteId, given) => this.connect(remoteId, given),
        handle: (action, handler) => this.handleAction(action, handler),
        revoke: (key) => this.revoke(key),
        pair: () => this.pairings.start(null),
        join: (code) => this.pairings.start(code),
        destroy: () => this.destroy(),
      },
      this,
      () => ({ id, status: this.$status.value?.state }),
    )
    const engine = engineAtHand(transport)
    if (engine) this.drive(engine)
  }

  /** What developer tools may see. */
  get inspection(): PeerInspection {
    return {
      limits: this.limits,
      iceServers: this.options.iceServers,
      handlerNames: () => this.handlers.names,
      measure: (connection) => connectionControllerOf(connection).measure(),
    }
  }

  /** Holds the peer open until it is destroyed. Resolves when it is first open. */
  open(): Promise<void> {
    if (!this.isDestroyed && !this.isOpened) {
      this.isOpened = true
      this.refCount.add(true)
    }
    return untilOpen(this.$status, (status) => this.failure(status))
  }

  /** The one connection to this remote. Nothing is dialled until it is held. */
  lookup(remoteId: string, options?: ConnectOptions): ConnectionController {
    if (options) checkTrust(options, remoteId)
    checkTime('timeout', options?.timeout, 1)
    if (options?.protocol === undefined || options.protocol === 'nanopeer') encodeMetadata(options?.metadata)
    const connection = this.connections.name(remoteId, options)
    connection.outbound = true
    return connection
  }

  /** Dials at once; kept for as long as this peer is, where `open()` holds it, else while somebody holds it. */
  connect(remoteId: string, options?: ConnectOptions): Connection {
    const connection = this.lookup(remoteId, options)
    if (!this.isDestroyed) this.connections.list(connection)
    this.begin(connection)
    return connection.handle
  }

  begin(connection: ConnectionController): void {
    if (this.isDestroyed) return
    if (this.isOpened) connection.keep()
    else connection.want()()
  }

  handleAction(action: ActionLike, handler: (...given: never[]) => unknown): () => void {
    refuseReserved(typeof action === 'string' ? action : action.name)
    return this.serveAction(action, handler)
  }

  /** Registers a handler, for nanopeer's own actions, too. */
  serveAction(action: ActionLike, handler: (...given: never[]) => unknown): () => void {
    this.warned ||= warnAboutAccess(this.id, this.options)
    return this.handlers.register(action, handler as Registration['handler'])
  }

  handlerOf(action: string): Registration | undefined {
    return this.handlers.find(action)
  }

  /** What may change of these counts from now on. Where the secret is another one, sessions that have not proved it end. */
  change(options: PeerOptions): void {
    const before = contentOf(this.options.secret)
    for (const name of changing) {
      if (options[name] !== undefined) Reflect.set(this.options, name, options[name])
    }
    this.latestServer = options.server ?? this.latestServer
    if (contentOf(this.options.secret) === before) return
    for (const connection of this.connections.withHandles()) connection.peerSecretChanged()
  }

  destroy(): Promise<void> {
    this.isDestroyed = true
    this.destroying ??= this.end()
    return this.destroying
  }

  get hearsEvents(): boolean {
    return this.options.onEvent !== undefined || isWatched()
  }

  happened(event: NanopeerEvent): void {
    try {
      this.options.onEvent?.(event)
    } catch (error) {
      this.report(error, event.remoteId === null ? {} : { remoteId: event.remoteId })
    }
    showEvent(event, this.handle)
  }

  transition(event: PeerEvent): void {
    const before = this.$status.value as PeerStatus
    const after = peerTransition(before, event)
    if (after !== before) publish(this.$status, after, event)
  }

  driveConnection(host: ConnectionHost): ConnectionDriver | null {
    return this.driver?.driveConnection(host) ?? null
  }

  /** Keeps the peer open, and lists the connection that is held now. */
  hold(connection: ConnectionController): () => void {
    this.connections.list(connection)
    return this.refCount.add(true)
  }

  /** A session began or ended. Judged once the turn is over: one that is replaced leaves a moment without any. */
  changed(connection: ConnectionController): void {
    queueMicrotask(() => this.connections.tidy(connection))
  }

  retrySignalling(): void {
    if (this.driver) this.driver.retry()
    else this.loader.retry()
  }

  opened(): void {
    this.connections.visit((connection) => connection.wake())
  }

  wishesOf(remoteId: string): ConnectOptions | undefined {
    return this.connections.wishesOf(remoteId)
  }

  /** Ends what this key has, here and now, and takes it from nobody any more. */
  private async revoke(key: string): Promise<void> {
    checkKey(key)
    this.revoked.add(key)
    for (const connection of this.connections.withHandles()) {
      if (connection.keys.includes(key)) connection.revoke()
    }
    const { known } = this.options
    await known?.set(key, nobody)
    // And is nobody's any more, so that no list of those who are known names it; nor has whoever comes under that id another.
    for (const remote of (await known?.list()) ?? []) {
      if (remote.key === key) await known?.set(remote.id, nobody)
    }
  }

  connectionWith(remoteId: string): ConnectionHost | undefined {
    return this.connections.get(remoteId)
  }

  inboundFrom(remoteId: string): ConnectionHost {
    const connection = this.connections.lookup(remoteId)
    this.connections.list(connection)
    return connection
  }

  sessionsBeside(remoteId: string): readonly ConnectionHost[] {
    return this.connections.sessionsBeside(remoteId)
  }

  /** The engine is there: what waits for it goes on. */
  private drive(engine: Engine): void {
    if (this.isDestroyed || this.driver) return
    this.driver = engine.drivePeer(this)
    if (this.refCount.isHeld) this.driver.join()
    for (const connection of this.connections.withHandles()) connection.engineLoaded()
  }

  private async end(): Promise<void> {
    this.forget()
    this.refCount.dispose()
    this.pairings.end(destroyed())
    for (const connection of this.connections.withHandles()) connection.dispose()
    const { closed, detached } = this.detach(destroyed())
    this.driver?.abort()
    await closed
    this.transition({ type: 'destroyed' })
    await detached
  }

  get unsupported(): NanopeerError | null {
    return this.transport.isSupported() ? null : unsupportedHere()
  }

  private failure(status: PeerStatus): NanopeerError | null {
    if (this.isDestroyed) return destroyed()
    if (this.unsupported) return this.unsupported
    return status.state === 'disconnected' && status.retryAt === null ? status.error : null
  }

  private join(): void {
    if (this.isDestroyed) return
    this.transition({ type: 'held' })
    const { unsupported } = this
    if (unsupported) {
      this.transition({ type: 'lost', error: unsupported, retryAt: null })
      return
    }
    this.unwatchPage = watchPage({
      woke: () => this.woke(),
      leaving: () => this.connections.visit((connection) => connection.abort()),
      returned: () => this.woke(),
    })
    if (this.driver) this.driver.join()
    else this.loader.start()
  }

  private detach(error: NanopeerError): { closed: Promise<unknown>; detached: Promise<void> | undefined } {
    this.unwatchPage?.()
    this.unwatchPage = null
    this.loader.stop()
    if (!this.isDestroyed) this.transition({ type: 'released' })
    // First the id, then the goodbye: who hears that dials again at once, and an offer that still finds us registered
    // is never answered. Unregistered, it waits at the server for whoever takes the id next.
    const detached = this.driver?.detach()
    const closed = Promise.all(this.connections.all().map((connection) => connection.closeWith(error)))
    return { closed, detached }
  }

  private released(): void {
    this.detach(new NanopeerError('ABORTED', 'Nobody holds this peer any more.'))
  }

  private woke(): void {
    this.retrySignalling()
    this.connections.visit((connection) => connection.wake())
  }
}

/** The controller behind a handle. */
export const peerControllerOf = (peer: Peer): PeerController =>
  controllerBehind(peer, 'peer') as PeerController

/** A page has a document, whatever else is missing. */
const unsupportedHere = () =>
  new NanopeerError(
    'UNSUPPORTED',
    typeof document === 'undefined'
      ? 'No WebRTC here: in Node, import createPeer from @nanopeer/node.'
      : 'This browser has no WebRTC (RTCPeerConnection), or it is switched off.',
  )
