import type { Clock } from '../clock'
import { NanopeerError } from '../errors'
import { Hold } from '../lifetime'
import { type ConnectionEvent, connectionTransition, idleConnection } from '../machine/connection'
import { observedAtom, publish } from '../publish'
import type { Ask, AskedEvents, AskedExchange } from '../rpc/asked'
import type { Answer, Incoming } from '../rpc/dispatch'
import type { Link } from '../transport'
import type { Connection, ConnectionStatus, ConnectOptions, Limits, PendingRequest } from '../types'
import { encodeValue } from '../wire/values'
import { decide, refused } from './admission'
import { type CallHost, Calls, checkSize } from './calls'
import type { ConnectionContext } from './context'
import { Conversation } from './conversation'
import { createConnectionHandle } from './handle'
import { Messages } from './messages'
import { type KeeperHost, SessionKeeper } from './session-keeper'
import { type Figures, Stats } from './stats'

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
  private readonly keeper: SessionKeeper
  private readonly hold: Hold
  private readonly messages: Messages
  private readonly sessionListeners = new Set<() => void>()
  private releasePeer: (() => void) | null = null
  private releaseKept: (() => void) | null = null
  private releaseBusy: (() => void) | null = null

  constructor(
    readonly context: ConnectionContext,
    readonly remoteId: string,
  ) {
    const { clock } = context
    this.hold = new Hold(clock, (held) => (held ? this.held() : this.released()))
    const observed = () => this.hold.add()
    this.$status = observedAtom<ConnectionStatus>(idleConnection, observed)
    this.$requests = observedAtom<readonly PendingRequest[]>([], () => {
      publish(this.$requests, this.calls.list())
      return observed()
    })
    this.keeper = new SessionKeeper(this)
    this.messages = new Messages((error) => context.report(error, remoteId))
    const ping = () => this.keeper.conversation?.session.ping()
    this.stats = new Stats(clock, () => this.figures, ping, observed)
    this.calls = new Calls(this)
    this.handle = createConnectionHandle(this)
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
    return this.keeper.conversation !== null
  }

  /** Held, or meant to be dialled again, by somebody here: not to be forgotten. */
  get isWanted(): boolean {
    return this.hold.isHeld || this.outbound
  }

  /** What its session holds; for `census.ts`. */
  get census() {
    return this.keeper.conversation?.census ?? null
  }

  /**
   * What the app wants of this remote. A secret stays until another one is given: a later caller who leaves it out must
   * not open the door. A session that has not proved the new one is ended.
   */
  configure(options: ConnectOptions): void {
    const { secret = this.options.secret } = options
    const isNew = secret !== this.options.secret
    this.options = secret === undefined ? options : { ...options, secret }
    if (!isNew) return
    // Later: this may be a render, in which no store may change. Requests look for themselves.
    queueMicrotask(() => {
      this.keeper.dropUnproven()
      this.keeper.dialIfWanted()
    })
  }

  /** `peer.connect()` on a peer that is held by `open()`: stays until `close()`. */
  keep(): void {
    const release = this.want()
    this.releaseKept?.()
    this.releaseKept = release
  }

  want(): () => void {
    this.outbound = true
    const undo = this.hold.add(true)
    // Held already, perhaps by somebody who only watched an inbound connection.
    this.keeper.dialIfWanted()
    return undo
  }

  ask(ask: Ask, events: AskedEvents, again: boolean): AskedExchange {
    return this.keeper.converse(again).rpc.ask(ask, events)
  }

  async send(value: unknown): Promise<void> {
    const payload = encodeValue(value, 'INVALID_INPUT')
    checkSize(payload, this.limits.messageSize, 'The message')
    const release = this.want()
    try {
      await this.keeper.converse(false).rpc.send(payload)
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
    this.releaseKept?.()
    this.releaseKept = null
    await this.shut(new NanopeerError('ABORTED', 'The connection was closed.'))
  }

  shut(error: NanopeerError): Promise<void> {
    return this.keeper.shut(error)
  }

  leave(): void {
    this.keeper.leave()
  }

  incoming(link: Link): void {
    this.keeper.incoming(link)
  }

  transition(event: ConnectionEvent): void {
    const after = connectionTransition(this.status, event)
    if (after === this.status) return
    publish(this.$status, after)
    if (this.calls.size > 0) this.requestsChanged()
  }

  requestsChanged(): void {
    if (this.$requests.lc > 0) publish(this.$requests, this.calls.list())
  }

  createConversation(): Conversation {
    const { clock, limits, budget, held, id } = this.context
    const { keeper } = this
    // One that is draining still hears its link, but no longer speaks for the connection.
    const ifCurrent = (act: () => void) => {
      if (keeper.conversation === conversation) act()
    }
    const conversation: Conversation = new Conversation({
      secret: keeper.linkContext.secret,
      clock,
      limits,
      budget,
      held,
      odd: id < this.remoteId,
      dispatch: (request) => this.serve(conversation, request),
      message: (value, size) => this.messages.receive(value, size),
      refusal: () => (conversation.isRefused ? refused() : null),
      changed: () => this.busyChanged(),
      silent: () => ifCurrent(() => this.transition({ type: 'silent', link: keeper.links })),
      heard: () => ifCurrent(() => keeper.heard()),
      dead: () => ifCurrent(() => keeper.dead()),
      lost: (byRemote) => ifCurrent(() => keeper.lost(byRemote)),
      ended: (error) => ifCurrent(() => keeper.ended(error)),
    })
    return conversation
  }

  admit(
    conversation: Conversation,
    metadata: unknown,
    authenticated: boolean,
    wait?: () => void,
  ): Promise<boolean> {
    conversation.admitted ??= this.decide(metadata, authenticated, wait).then((accepted) => {
      conversation.isRefused = !accepted
      return accepted
    })
    return conversation.admitted
  }

  changed(): void {
    this.busyChanged()
    void this.stats.linkChanged()
    this.context.changed(this)
  }

  began(): void {
    for (const listener of [...this.sessionListeners]) listener()
  }

  /** An `accept` that throws has not said yes. */
  private async decide(metadata: unknown, authenticated: boolean, wait?: () => void): Promise<boolean> {
    const { accept, clock } = this.context
    try {
      return await decide(accept, { id: this.remoteId, metadata, authenticated }, clock, wait)
    } catch (error) {
      this.context.report(error, this.remoteId)
      return false
    }
  }

  private async serve(conversation: Conversation, request: Incoming): Promise<Answer> {
    try {
      const authenticated = conversation.secret !== null
      const accepted = await this.admit(conversation, undefined, authenticated)
      if (accepted) return await this.context.serve(request, this.handle)
    } catch (error) {
      this.context.report(error, this.remoteId)
    }
    return { kind: 'failure', error: refused() }
  }

  private held(): void {
    this.releasePeer = this.context.hold(this)
    this.keeper.dialIfWanted()
  }

  private released(): void {
    this.releasePeer?.()
    this.releasePeer = null
    // An inbound connection belongs to the remote.
    if (this.keeper.inbound) return
    void this.shut(new NanopeerError('ABORTED', 'Nobody holds the connection any more.'))
  }

  /** Exchanges in either direction hold the connection, and so the peer. */
  private busyChanged(): void {
    const isBusy = (this.keeper.conversation?.rpc.size ?? 0) > 0
    if (isBusy) this.releaseBusy ??= this.hold.add(true)
    else {
      this.releaseBusy?.()
      this.releaseBusy = null
    }
  }

  private get figures(): Figures {
    const { conversation, links, formerSent, formerReceived } = this.keeper
    return {
      link: conversation?.link ?? null,
      links,
      roundTrip: conversation?.session.pace.latestRoundTrip ?? null,
      sent: formerSent + (conversation?.sent ?? 0),
      received: formerReceived + (conversation?.received ?? 0),
    }
  }
}
