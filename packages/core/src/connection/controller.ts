import { decide, refused } from './admission'
import { Calls, checkSize } from './calls'
import type { Clock } from '../clock'
import { createConnectionHandle } from './handle'
import { Conversation } from './conversation'
import { NanopeerError } from '../errors'
import { Hold } from '../lifetime'
import { DialLoop } from '../link/dial-loop'
import type { Gate } from '../link/gate'
import type { Candidate } from '../link/handshake'
import { answerLink, defaultDialTimeout, dialLink, type LinkContext, type OpenedLink } from '../link/open-link'
import { type ConnectionEvent, connectionTransition, idleConnection } from '../machine/connection'
import { Messages } from './messages'
import { observedAtom, publish } from '../publish'
import type { Answer, Incoming } from '../rpc/dispatch'
import type { ReceiveBudget } from '../rpc/window'
import { Stats } from './stats'
import type { DialOptions, Link } from '../transport'
import type {
  Accept,
  Connection,
  ConnectionStatus,
  ConnectOptions,
  Limits,
  Peer,
  PendingRequest,
  ReconnectOptions,
} from '../types'
import { noPayload } from '../wire/frame'
import type { Hello } from '../wire/hello'
import { encodeValue } from '../wire/values'

/** Ms a session waits for its next link. */
const defaultResumeTimeout = 30_000
/** A channel that the remote closed without a goodbye: its page is gone, and what it said last was lost behind it. */
const goneTimeout = 2000
/** A link that somebody wants to replace without proof gets this long to show that it lives, ms. */
const replaceAfter = 1000

/** What a connection needs of its peer. */
export interface ConnectionContext {
  readonly id: string
  readonly clock: Clock
  readonly limits: Limits
  readonly budget: ReceiveBudget
  readonly reconnect: ReconnectOptions
  readonly accept: Accept | undefined
  readonly secret: string | null
  readonly peer: Peer
  readonly gate: Gate
  /** Keeps the peer open. */
  hold(): () => void
  dial(remoteId: string, options: DialOptions): Promise<Link>
  /** Looks for a better signalling state now. */
  retrySignalling(): void
  serve(request: Incoming, connection: Connection): Promise<Answer>
  report(error: unknown, remoteId: string): void
  /** A session began or ended. */
  changed(controller: ConnectionController): void
}

/** One logical connection: which session is on, which link carries it, and when to dial. */
export class ConnectionController {
  readonly handle: Connection
  readonly calls: Calls
  readonly stats: Stats
  readonly $status
  readonly $requests
  options: ConnectOptions = {}
  /** This side wants the connection, so it dials and redials. */
  outbound = false
  /** The remote dialled the present session: it is theirs to keep or to close. */
  private inbound = false
  private conversation: Conversation | null = null
  /** The remote's dial that lost against ours, unread until ours has an end. */
  private loser: Link | null = null
  private linkCount = 0
  private closedSent = 0
  private closedReceived = 0
  private stopResume: (() => void) | null = null
  private releasePeer: (() => void) | null = null
  private releaseKept: (() => void) | null = null
  private releaseBusy: (() => void) | null = null
  private readonly hold: Hold
  private readonly dialLoop: DialLoop
  private readonly messages: Messages
  private readonly sessionListeners = new Set<() => void>()

  constructor(
    readonly context: ConnectionContext,
    readonly remoteId: string,
  ) {
    const { clock, limits, reconnect } = context
    this.hold = new Hold(clock, (held) => (held ? this.held() : this.released()))
    const observed = () => this.hold.add()
    this.$status = observedAtom<ConnectionStatus>(idleConnection, observed)
    this.$requests = observedAtom<readonly PendingRequest[]>([], () => {
      publish(this.$requests, this.calls.list())
      return observed()
    })
    this.stats = new Stats(clock, this.statsSource(), observed)
    this.messages = new Messages((error) => context.report(error, remoteId))
    this.dialLoop = new DialLoop(clock, reconnect, {
      attempt: (signal) => this.dial(signal),
      failed: (error) => this.dialFailed(error),
      scheduled: (retryAt) => this.transition({ type: 'scheduled', retryAt }),
    })
    const isLinked = () => this.isLinked
    this.calls = new Calls({
      clock,
      limits,
      ask: (ask, events, again) => this.converse(again).rpc.ask(ask, events),
      hold: () => this.want(),
      changed: () => this.requestsChanged(),
      get isLinked() {
        return isLinked()
      },
    })
    this.handle = createConnectionHandle(this)
  }

  get hasSession(): boolean {
    return this.conversation !== null
  }

  /** Held or listened to by somebody here: not to be forgotten. */
  get isWanted(): boolean {
    return this.hold.isHeld || this.outbound
  }

  /** `peer.connect()` on a peer that is held by `open()`: stays until `close()`. */
  keep(): void {
    const release = this.want()
    this.releaseKept?.()
    this.releaseKept = release
  }

  /** Dials, and holds the connection until the undo is called. */
  want(): () => void {
    this.outbound = true
    const undo = this.hold.add(true)
    // Held already, perhaps by somebody who only watched an inbound connection.
    this.dialIfWanted()
    return undo
  }

  async send(value: unknown): Promise<void> {
    const payload = encodeValue(value, 'INVALID_INPUT')
    checkSize(payload, this.context.limits.messageSize, 'The message')
    const release = this.want()
    try {
      await this.converse(false).rpc.send(payload)
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
    if (this.isLinked) this.conversation?.probe()
    else this.startDialling()
  }

  /** The page or the network came back: nothing waits for its timer. */
  wake(): void {
    if (this.isLinked) this.conversation?.probe()
    else if (this.dialLoop.isWaiting) this.dialLoop.start()
    else this.dialIfWanted()
  }

  async close(): Promise<void> {
    this.outbound = false
    this.releaseKept?.()
    this.releaseKept = null
    await this.shut(new NanopeerError('ABORTED', 'The connection was closed.'))
  }

  /** The peer is destroyed or released: drains, says goodbye, closes. */
  async shut(error: NanopeerError): Promise<void> {
    const { conversation } = this
    this.dialLoop.stop(error)
    this.drop(null)
    await conversation?.end(error, noPayload)
  }

  /** The page is going away; it may come back from the back/forward cache. */
  leave(): void {
    const { conversation } = this
    const error = new NanopeerError('CONNECTION_LOST', 'The page was hidden for good.')
    this.dialLoop.stop(error)
    this.drop(error)
    conversation?.leave(error)
  }

  /** The remote dialled us. */
  incoming(link: Link): void {
    const oursWins = this.dialLoop.isDialling && this.context.id < this.remoteId
    if (!oursWins) {
      void this.answer(link)
      return
    }
    void this.loser?.close(0)
    this.loser = link
  }

  private get isLinked(): boolean {
    const { state } = this.$status.value as ConnectionStatus
    return state === 'open' || state === 'unstable'
  }

  private transition(event: ConnectionEvent): void {
    const before = this.$status.value as ConnectionStatus
    const after = connectionTransition(before, event)
    if (after === before) return
    publish(this.$status, after)
    if (this.calls.size > 0) this.requestsChanged()
  }

  private requestsChanged(): void {
    if (this.$requests.lc > 0) publish(this.$requests, this.calls.list())
  }

  private held(): void {
    this.releasePeer = this.context.hold()
    this.dialIfWanted()
  }

  private released(): void {
    this.releasePeer?.()
    this.releasePeer = null
    // An inbound connection belongs to the remote.
    if (!this.inbound) void this.shut(new NanopeerError('ABORTED', 'Nobody holds the connection any more.'))
  }

  private dialIfWanted(): void {
    const { state } = this.$status.value as ConnectionStatus
    const isDown = state === 'idle' || state === 'closed'
    if (isDown && this.outbound && this.hold.isHeld && !this.dialLoop.isWaiting) this.startDialling()
  }

  private startDialling(): void {
    this.transition({ type: 'dialled' })
    this.dialLoop.start()
  }

  /** The present conversation, or a new one. `patient`: leaves the next dial to the back-off. */
  private converse(patient: boolean): Conversation {
    if (!this.isLinked && !(patient && this.dialLoop.isWaiting)) this.wake()
    this.conversation ??= this.createConversation()
    return this.conversation
  }

  private createConversation(): Conversation {
    const { clock, limits, budget, id } = this.context
    const conversation: Conversation = new Conversation({
      clock,
      limits,
      budget,
      odd: id < this.remoteId,
      dispatch: (request) => this.serve(conversation, request),
      message: (value) => this.messages.receive(value),
      changed: () => this.busyChanged(),
      silent: () => this.transition({ type: 'silent', link: this.linkCount }),
      heard: () => this.heard(),
      dead: () => this.dead(),
      lost: (byRemote) => this.lost(byRemote),
      ended: (error) => this.ended(error),
    })
    return conversation
  }

  private async serve(conversation: Conversation, request: Incoming): Promise<Answer> {
    try {
      conversation.admitted ??= this.decide(undefined, this.secret !== null)
      if (await conversation.admitted) return await this.context.serve(request, this.handle)
    } catch (error) {
      this.context.report(error, this.remoteId)
    }
    return { kind: 'failure', error: refused() }
  }

  private get secret(): string | null {
    return this.options.secret ?? this.context.secret
  }

  private async decide(metadata: unknown, authenticated: boolean, wait?: () => void): Promise<boolean> {
    const { accept, clock } = this.context
    return decide(accept, { id: this.remoteId, metadata, authenticated }, clock, wait)
  }

  /** Exchanges in either direction hold the connection, and so the peer. */
  private busyChanged(): void {
    const isBusy = (this.conversation?.rpc.size ?? 0) > 0
    if (isBusy) this.releaseBusy ??= this.hold.add(true)
    else {
      this.releaseBusy?.()
      this.releaseBusy = null
    }
  }

  private get linkContext(): LinkContext {
    const { clock, id } = this.context
    const timeout = this.options.timeout ?? defaultDialTimeout
    return { clock, localId: id, remoteId: this.remoteId, secret: this.secret, timeout }
  }

  private async dial(signal: AbortSignal): Promise<void> {
    const open = (options: DialOptions) => this.context.dial(this.remoteId, options)
    const opened = await dialLink(this.linkContext, signal, this.options.metadata, open, {
      session: () => this.detached().session,
      forgotten: () => {
        this.finish(
          new NanopeerError('CONNECTION_LOST', 'The device has restarted; it does not know this session.'),
        )
        this.transition({ type: 'dialled' })
      },
    })
    this.opened(opened, false)
  }

  private dialFailed(error: NanopeerError): void {
    const { loser } = this
    this.loser = null
    if (loser) {
      void this.answer(loser)
      return
    }
    if (this.isLinked && this.conversation?.session.isAttached) return
    const isFinal = !isPassing(error)
    if (isFinal || (this.$status.value as ConnectionStatus).state === 'connecting') this.finish(error)
    if (!isFinal && this.outbound && this.hold.isHeld) this.dialLoop.retry()
  }

  private async answer(link: Link): Promise<void> {
    const find = (hello: Hello) => this.find(hello, link)
    const leaveGate = this.context.gate.enter(this.remoteId)
    try {
      const opened = await answerLink(this.linkContext, link, { find })
      this.dialLoop.stop(new NanopeerError('ABORTED', 'The remote dialled first.'))
      this.opened(opened, true)
    } catch (error) {
      this.context.report(error, this.remoteId)
    } finally {
      leaveGate()
    }
    this.context.changed(this)
  }

  private async find(hello: Hello, link: Link): Promise<Candidate | null> {
    const current = this.conversation
    if (current && hello.to === null && current.session.remoteIncarnation === null) {
      return this.candidate(current, link)
    }
    const isCurrent = current !== null && current.session.remoteIncarnation === hello.from
    const isKnown = isCurrent && (hello.to === null || hello.to === current.session.incarnation)
    if (isKnown) return current.session.tokens.accept(hello.proof) ? this.candidate(current, link) : null
    if (hello.to !== null) return null
    if (current?.session.isAttached) await this.provedDead(current)
    return this.candidate(this.createConversation(), link)
  }

  private candidate(conversation: Conversation, link: Link): Candidate {
    const isNew = conversation !== this.conversation
    return {
      session: conversation.session,
      admit: async (authenticated, wait) => {
        conversation.admitted ??= this.decide(link.metadata, authenticated, wait)
        // A link to a remote that we dialled ourselves is kept; only its requests are refused.
        if (!(await conversation.admitted) && !this.outbound) throw refused()
      },
      adopt: () => {
        if (isNew) {
          if (this.conversation)
            this.finish(
              new NanopeerError('CONNECTION_LOST', 'The remote has restarted and began a new session.'),
            )
          this.conversation = conversation
        } else if (this.conversation !== conversation) {
          throw new NanopeerError('CONNECTION_LOST', 'The session ended during the handshake.')
        }
        this.detached()
      },
    }
  }

  /** Resolves when the present link shows no life; rejects when it does. */
  private async provedDead(conversation: Conversation): Promise<void> {
    const { received } = conversation
    conversation.session.ping()
    await new Promise<void>((resolve) => this.context.clock.after(replaceAfter, resolve))
    if (this.conversation !== conversation || conversation.received === received) return
    throw new NanopeerError('CONNECTION_LOST', 'This id has a link here that is alive.')
  }

  /** The conversation, taken off its link: a handshake for the next one reads its counts. */
  private detached(): Conversation {
    this.conversation ??= this.createConversation()
    const { conversation } = this
    if (conversation.session.isAttached) {
      conversation.detach()
      this.transition({ type: 'lost', link: this.linkCount, error: null })
      this.awaitResume(this.resumeTimeout)
    }
    return conversation
  }

  private opened({ link, result }: OpenedLink, byRemote: boolean): void {
    const { conversation } = this
    if (!conversation || conversation.session !== result.session) {
      void link.close(0)
      return
    }
    const isNew = conversation.session.links === 0
    this.inbound = isNew ? byRemote : this.inbound || byRemote
    this.dialLoop.succeeded()
    this.cancelResume()
    void this.loser?.close(0)
    this.loser = null
    this.linkCount++
    this.transition({ type: 'opened', link: this.linkCount })
    try {
      conversation.attach(result, link)
    } catch (error) {
      this.ended(error as NanopeerError)
      void link.close()
      return
    }
    void this.stats.linkChanged()
    this.context.changed(this)
    if (isNew) for (const listener of [...this.sessionListeners]) listener()
  }

  private heard(): void {
    this.transition({ type: 'heard', link: this.linkCount })
    this.dialLoop.stop(new NanopeerError('ABORTED', 'The link recovered.'))
    this.cancelResume()
  }

  /** Packets have stopped: dial another link beside the silent one. Whichever speaks first carries on. */
  private dead(): void {
    if (!this.stopResume) this.awaitResume(this.resumeTimeout)
    if (this.outbound && !this.dialLoop.isWaiting) this.dialLoop.start()
  }

  private lost(byRemote: boolean): void {
    const error = new NanopeerError('CONNECTION_LOST', 'The link is gone.')
    this.transition({ type: 'lost', link: this.linkCount, error })
    void this.stats.linkChanged()
    this.awaitResume(byRemote ? Math.min(goneTimeout, this.resumeTimeout) : this.resumeTimeout)
    if (this.outbound) this.dialLoop.start()
  }

  private get resumeTimeout(): number {
    return this.context.reconnect.resumeTimeout ?? defaultResumeTimeout
  }

  private awaitResume(timeout: number): void {
    this.cancelResume()
    this.stopResume = this.context.clock.after(timeout, () => {
      this.ended(new NanopeerError('CONNECTION_LOST', `The link could not be resumed within ${timeout} ms.`))
    })
  }

  private cancelResume(): void {
    this.stopResume?.()
    this.stopResume = null
  }

  /** The session is over, by the remote's word or for want of a link; what is still wanted is dialled anew. */
  private ended(error: NanopeerError): void {
    this.dialLoop.stop(error)
    const isWanted = this.outbound && this.hold.isHeld
    this.finish(isWanted || !isPassing(error) ? error : null, error)
    if (isWanted && isPassing(error)) this.dialLoop.retry()
  }

  /** Everything pending rejects with `reason`; the status says `shown`. */
  private finish(shown: NanopeerError | null, reason = shown): void {
    const { conversation } = this
    this.drop(shown)
    void conversation?.end(reason ?? new NanopeerError('CONNECTION_LOST', 'The connection was closed.'))
  }

  /** Forgets the session; the caller ends it. */
  private drop(shown: NanopeerError | null): void {
    const { conversation } = this
    this.conversation = null
    this.cancelResume()
    void this.loser?.close(0)
    this.loser = null
    this.inbound = false
    this.closedSent += conversation?.sent ?? 0
    this.closedReceived += conversation?.received ?? 0
    this.transition({ type: 'closed', error: shown })
    this.transition({ type: 'scheduled', retryAt: null })
    this.busyChanged()
    void this.stats.linkChanged()
    this.context.changed(this)
  }

  private statsSource() {
    const controller = this
    return {
      get link() {
        return controller.conversation?.link ?? null
      },
      get links() {
        return controller.linkCount
      },
      get roundTrip() {
        return controller.conversation?.session.pace.latestRoundTrip ?? null
      },
      get sent() {
        return controller.closedSent + (controller.conversation?.sent ?? 0)
      },
      get received() {
        return controller.closedReceived + (controller.conversation?.received ?? 0)
      },
      ping: () => controller.conversation?.session.ping(),
    }
  }
}

/** Whether trying again may help; a refusal or a broken protocol stays what it is. */
const isPassing = ({ code }: NanopeerError): boolean =>
  code !== 'REFUSED' &&
  code !== 'PROTOCOL' &&
  code !== 'INVALID_ID' &&
  code !== 'UNSUPPORTED' &&
  code !== 'DESTROYED'
