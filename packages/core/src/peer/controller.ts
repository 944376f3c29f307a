import { systemClock } from '../clock'
import { ConnectionController } from '../connection/controller'
import { Admission } from '../engine/admission'
import type { ConnectionContext } from '../engine/connection/context'
import { Events } from '../engine/events'
import { refuseLink } from '../engine/handshake/open-link'
import { ReceiveBudget } from '../engine/rpc/window'
import { FairReads } from '../engine/session/fair-reads'
import { HeldBytes } from '../engine/session/replay'
import { resolveLimits } from '../engine/wire/limits'
import { destroyed, NanopeerError } from '../errors'
import { RefCount } from '../ref-count'
import { observedAtom, publish } from '../store'
import type { Link, PlainChannel, Signalling, Transport } from '../transport'
import type { ActionLike, Connection, ConnectOptions, Limits, Peer, PeerOptions, PeerStatus } from '../types'
import { Directory } from './directory'
import { createPeerHandle } from './handle'
import { Handlers } from './handlers'
import { checkId, isId } from './id'
import { idlePeer, type PeerEvent, peerTransition } from './machine'
import { untilOpen } from './open'
import { watchPage } from './page-events'
import { createReport } from './report'
import { checkSecret } from './secret'
import { warnAboutAccess } from './warn'

/** One device on the network: its signalling, its connections and its handlers. */
export class PeerController {
  readonly handle: Peer
  readonly $status
  readonly handlers: Handlers
  readonly connections: Directory
  private readonly hold: RefCount
  private readonly clock
  private readonly limits: Limits
  private readonly admission: Admission
  private readonly budget = new ReceiveBudget()
  private readonly held = new HeldBytes()
  private readonly fairReads
  private readonly report: NonNullable<PeerOptions['onError']>
  private readonly events: Events | null
  private signalling: Signalling | null = null
  /** When this peer took its id, on the clock; null while it has none. */
  private openedAt: number | null = null
  private unwatchPage: (() => void) | null = null
  private destroying: Promise<void> | null = null
  private isOpened = false
  private warned = false

  constructor(
    readonly id: string,
    readonly options: PeerOptions,
    readonly transport: Transport,
    private readonly forget: () => void,
  ) {
    checkId(id)
    if (options.secret !== undefined) checkSecret(options.secret)
    this.clock = transport.clock ?? systemClock
    this.fairReads = new FairReads(this.clock)
    this.limits = resolveLimits(options.limits)
    this.admission = new Admission(this.clock, this.limits)
    this.report = createReport(options.onError)
    const { onEvent } = options
    this.events = onEvent ? new Events(this.clock, onEvent, this.report) : null
    this.hold = new RefCount(this.clock, (held) => (held ? this.join() : this.released()))
    const observed = () => this.hold.add()
    this.$status = observedAtom<PeerStatus>(idlePeer, observed)
    const create = (remoteId: string) => new ConnectionController(this.createContext(), remoteId)
    this.connections = new Directory(id, create, observed)
    this.handlers = new Handlers(this.limits, this.report)
    this.handle = createPeerHandle(this)
  }

  /** Holds the peer open until it is destroyed. Resolves when it is first open. */
  open(): Promise<void> {
    if (!this.destroying && !this.isOpened) {
      this.isOpened = true
      this.hold.add(true)
    }
    return untilOpen(this.$status, (status) => this.failure(status))
  }

  /** The one connection to this remote. Nothing is dialled until it is held. */
  lookup(remoteId: string, options?: ConnectOptions): ConnectionController {
    if (options?.secret !== undefined) checkSecret(options.secret)
    const connection = this.connections.lookup(remoteId, options)
    connection.outbound = true
    return connection
  }

  /** Dials at once; kept for as long as this peer is, where `open()` holds it, else while somebody holds it. */
  connect(remoteId: string, options?: ConnectOptions): Connection {
    const connection = this.lookup(remoteId, options)
    if (this.destroying) return connection.handle
    this.connections.list(connection)
    if (this.isOpened) connection.keep()
    else connection.want()()
    return connection.handle
  }

  handleAction(action: ActionLike, handler: (...given: never[]) => unknown): () => void {
    this.warned ||= warnAboutAccess(this.id, this.options)
    return this.handlers.register(action, handler as (input: unknown) => unknown)
  }

  destroy(): Promise<void> {
    this.destroying ??= this.end()
    return this.destroying
  }

  /** For `census.ts`. */
  get census() {
    const connections = this.connections.everyone()
    const { admission, handlers, held } = this
    return { connections, handshakes: admission.census, handlers: handlers.census, held: held.total }
  }

  private async end(): Promise<void> {
    this.forget()
    this.hold.end()
    for (const connection of this.connections.withHandles()) connection.end()
    const { closed, left } = this.leave(destroyed())
    this.admission.end()
    await closed
    this.transition({ type: 'destroyed' })
    await left
  }

  private failure(status: PeerStatus): NanopeerError | null {
    if (!this.transport.isSupported()) return unsupported()
    if (status.state === 'destroyed') return destroyed()
    return status.state === 'disconnected' && status.retryAt === null ? status.error : null
  }

  private transition(event: PeerEvent): void {
    const before = this.$status.value as PeerStatus
    const after = peerTransition(before, event)
    if (after !== before) publish(this.$status, after, event)
  }

  private join(): void {
    if (this.destroying || !this.transport.isSupported()) return
    const { server, iceServers } = this.options
    this.transition({ type: 'held' })
    this.unwatchPage = watchPage({
      woke: () => this.woke(),
      leaving: () => this.connections.visit((connection) => connection.leave()),
      returned: () => this.woke(),
    })
    this.signalling = this.transport.join(
      this.id,
      { server, iceServers },
      {
        connecting: () => this.transition({ type: 'attempted' }),
        open: () => {
          this.openedAt ??= this.clock.now()
          this.transition({ type: 'opened' })
          this.connections.visit((connection) => connection.wake())
        },
        disconnected: (error, retryAt) => this.transition({ type: 'lost', error, retryAt }),
        offer: (remoteId) => this.offered(remoteId),
        link: (link) => this.incoming(link),
        plain: (channel) => this.incomingPlain(channel),
      },
    )
  }

  private leave(error: NanopeerError): { closed: Promise<unknown>; left: Promise<void> | undefined } {
    const { signalling } = this
    this.signalling = null
    this.openedAt = null
    this.unwatchPage?.()
    this.unwatchPage = null
    if (!this.destroying) this.transition({ type: 'released' })
    // First the id, then the goodbye: who hears that dials again at once, and an offer that still finds us registered
    // is never answered. Unregistered, it waits at the server for whoever takes the id next.
    const left = signalling?.leave()
    const closed = Promise.all(this.connections.all().map((connection) => connection.shut(error)))
    return { closed, left }
  }

  private released(): void {
    this.leave(new NanopeerError('ABORTED', 'Nobody holds this peer any more.'))
  }

  private woke(): void {
    this.signalling?.retry()
    this.connections.visit((connection) => connection.wake())
  }

  /** A remote begins to dial us; false where it need not bother. */
  private offered(remoteId: string): boolean {
    if (!this.isDialable(remoteId)) return false
    const limit = this.admission.ignores(remoteId, this.isKnown(remoteId))
    if (limit) this.events?.limitHit(remoteId, limit)
    if (limit) return false
    this.connections.get(remoteId)?.offered()
    return true
  }

  private incoming(link: Link): void {
    const refusal = this.refusal(link)
    if (refusal) refuseLink(link, refusal)
    else if (refusal === null) this.listed(link.remoteId).incoming(link)
  }

  /** A remote that is not nanopeer dialled us; it understands no goodbye of ours. */
  private incomingPlain(channel: PlainChannel): void {
    const refusal = this.refusal(channel)
    if (refusal) void channel.close(0)
    else if (refusal === null) this.listed(channel.remoteId).incomingPlain(channel)
  }

  /** Why a link is not taken; null when it is, undefined where it is closed without a word. */
  private refusal(link: Pick<Link, 'remoteId' | 'close'>): NanopeerError | null | undefined {
    const { remoteId } = link
    // A signalling server lets anybody register anything.
    if (this.destroying || !this.isDialable(remoteId)) {
      void link.close(0)
      return undefined
    }
    const refusal = this.admission.refusal(remoteId, this.connections.sessionsBeside(remoteId))
    if (refusal) this.events?.notTaken(remoteId, 'link', refusal)
    if (refusal) this.report(refusal, { remoteId })
    return refusal
  }

  private isDialable(remoteId: string): boolean {
    return isId(remoteId) && remoteId !== this.id
  }

  /** Whether we have to do with this remote already, or mean to. */
  private isKnown(remoteId: string): boolean {
    const connection = this.connections.get(remoteId)
    const { accept } = this.options
    const isListed = typeof accept === 'object' && accept.includes(remoteId)
    return isListed || connection?.hasSession === true || connection?.isWanted === true
  }

  private listed(remoteId: string): ConnectionController {
    const connection = this.connections.lookup(remoteId)
    this.connections.list(connection)
    return connection
  }

  private createContext(): ConnectionContext {
    const { clock, limits, budget, held, fairReads, handlers, options, handle, id, admission, events } = this
    const isDestroyed = () => this.destroying !== null
    const age = () => (this.openedAt === null ? 0 : clock.now() - this.openedAt)
    return {
      id,
      clock,
      limits,
      budget,
      held,
      fairReads,
      admission,
      events,
      get age() {
        return age()
      },
      get isDestroyed() {
        return isDestroyed()
      },
      peer: handle,
      accept: options.accept,
      secret: options.secret ?? null,
      reconnect: options.reconnect ?? {},
      hold: (controller) => {
        this.connections.list(controller)
        return this.hold.add(true)
      },
      dial: async (remoteId, dialOptions) => this.dialler().dial(remoteId, dialOptions),
      dialPlain: async (remoteId, dialOptions) => this.dialler().dialPlain(remoteId, dialOptions),
      retrySignalling: () => this.signalling?.retry(),
      serve: (request, connection) => {
        const serve = () => handlers.serve(request, connection)
        return events ? events.served(connection.remoteId, request, serve) : serve()
      },
      report: (error, remoteId) => this.report(error, { remoteId }),
      // Judged once the turn is over: a session that is replaced leaves a moment without any.
      changed: (controller) => queueMicrotask(() => this.connections.tidy(controller)),
    }
  }

  /** @throws `NanopeerError` where nothing can be dialled. */
  private dialler(): Signalling {
    if (this.destroying) throw destroyed()
    if (!this.transport.isSupported()) throw unsupported()
    if (!this.signalling) throw new NanopeerError('NETWORK', 'Nothing holds this peer open.')
    return this.signalling
  }
}

const unsupported = () =>
  new NanopeerError('UNSUPPORTED', 'There is no WebRTC here; in Node, import createPeer from @nanopeer/node.')
