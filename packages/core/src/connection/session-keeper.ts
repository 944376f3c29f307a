import type { Clock } from '../clock'
import { NanopeerError } from '../errors'
import { asNanopeerError, DialLoop } from '../link/dial-loop'
import type { Handshake } from '../link/gate'
import { defaultDialTimeout, dialLink, type LinkContext, type OpenedLink } from '../link/open-link'
import type { ConnectionEvent } from '../machine/connection'
import type { DialOptions, Link } from '../transport'
import type { ConnectionStatus, ConnectOptions } from '../types'
import { noPayload } from '../wire/frame'
import type { ConnectionContext } from './context'
import type { Conversation } from './conversation'
import { Reception, type ReceptionHost } from './reception'

/** Ms a session waits for its next link. */
const defaultResumeTimeout = 30_000
/** A channel that the remote closed without a goodbye: its page is gone, and what it said last was lost behind it. */
const goneTimeout = 2000

/** What keeping a session needs of the connection. */
export interface KeeperHost extends Pick<ReceptionHost, 'admit'> {
  readonly context: ConnectionContext
  readonly remoteId: string
  readonly options: ConnectOptions
  /** This side wants the connection, so it dials and redials. */
  readonly outbound: boolean
  readonly isHeld: boolean
  readonly status: ConnectionStatus
  transition(event: ConnectionEvent): void
  createConversation(): Conversation
  /** The link, or the session, is another one now, or gone. */
  changed(): void
  /** A new session, not a resumed one, is open. */
  began(): void
}

/** Decides which session is on, which link carries it, when to dial, and when to give up. */
export class SessionKeeper implements ReceptionHost {
  conversation: Conversation | null = null
  /** The remote dialled the present session: it is theirs to keep or to close. */
  inbound = false
  /** Links this connection has gone through. */
  links = 0
  /** Bytes of the sessions before this one. */
  formerSent = 0
  formerReceived = 0
  private stopResume: (() => void) | null = null
  private readonly dialLoop: DialLoop
  private readonly reception = new Reception(this)

  constructor(private readonly host: KeeperHost) {
    const { clock, reconnect } = host.context
    this.dialLoop = new DialLoop(clock, reconnect, {
      attempt: (signal) => this.dial(signal),
      failed: (error) => this.dialFailed(error),
      scheduled: (retryAt) => host.transition({ type: 'scheduled', retryAt }),
    })
  }

  get clock(): Clock {
    return this.host.context.clock
  }

  get outbound(): boolean {
    return this.host.outbound
  }

  get isLinked(): boolean {
    const { state } = this.host.status
    return state === 'open' || state === 'unstable'
  }

  get linkContext(): LinkContext {
    const { context, options, remoteId } = this.host
    return {
      clock: context.clock,
      localId: context.id,
      remoteId,
      secret: options.secret ?? context.secret,
      timeout: options.timeout ?? defaultDialTimeout,
    }
  }

  /** The present conversation, or a new one. `patient`: leaves the next dial to the back-off. */
  converse(patient: boolean): Conversation {
    this.dropUnproven()
    if (!this.isLinked && !(patient && this.dialLoop.isWaiting)) this.wake()
    this.conversation ??= this.createConversation()
    return this.conversation
  }

  /** Ends what was not authenticated with the secret that is set now: nothing more is said to whoever is there. */
  dropUnproven(): void {
    const { secret } = this.linkContext
    if (!this.conversation || this.conversation.secret === secret) return
    const error = new NanopeerError('ABORTED', 'The secret of this connection was changed.')
    this.dialLoop.stop(error)
    this.finish(null, error)
  }

  /** Nothing waits for its timer: the page or the network came back, or somebody has a request. */
  wake(): void {
    if (this.isLinked) this.conversation?.probe()
    else if (this.dialLoop.isWaiting) this.startDialling()
    else this.dialIfWanted()
  }

  dialIfWanted(): void {
    const { state } = this.host.status
    const isDown = state === 'idle' || state === 'closed'
    if (isDown && this.outbound && this.host.isHeld && !this.dialLoop.isWaiting) this.startDialling()
  }

  startDialling(): void {
    this.host.transition({ type: 'dialled' })
    this.dialLoop.start()
  }

  /** The remote dialled us. */
  incoming(link: Link): void {
    this.reception.incoming(link)
  }

  /** Drains, says goodbye, closes. Everything pending rejects with `error`. */
  async shut(error: NanopeerError): Promise<void> {
    const { conversation } = this
    this.dialLoop.stop(error)
    this.drop(null)
    await conversation?.end(error, noPayload)
  }

  /** The page is going away; it may come back from the back/forward cache. */
  leave(): void {
    const { conversation } = this
    const error = new NanopeerError('CONNECTION_LOST', 'The page was left.')
    this.dialLoop.stop(error)
    this.drop(error)
    conversation?.leave(error)
  }

  /** The link answers again. */
  heard(): void {
    this.host.transition({ type: 'heard', link: this.links })
    this.dialLoop.stop(new NanopeerError('ABORTED', 'The link recovered.'))
    this.cancelResume()
  }

  /** Packets have stopped: dial another link beside the silent one. Whichever speaks first carries on. */
  dead(): void {
    if (!this.stopResume) this.awaitResume(this.resumeTimeout)
    if (this.outbound && !this.dialLoop.isWaiting) this.dialLoop.start()
  }

  /** The link is gone. */
  lost(byRemote: boolean): void {
    const error = new NanopeerError('CONNECTION_LOST', 'The link is gone.')
    this.host.transition({ type: 'lost', link: this.links, error })
    this.host.changed()
    this.awaitResume(byRemote ? Math.min(goneTimeout, this.resumeTimeout) : this.resumeTimeout)
    if (this.outbound) this.dialLoop.again()
  }

  /** The session is over, by the remote's word or for want of a link; what is still wanted is dialled anew. */
  ended(error: NanopeerError): void {
    this.dialLoop.stop(error)
    const isWanted = this.outbound && this.host.isHeld
    this.finish(isWanted || !isPassing(error) ? error : null, error)
    if (isWanted && isPassing(error)) this.dialLoop.retry()
  }

  createConversation(): Conversation {
    return this.host.createConversation()
  }

  admit(...given: Parameters<KeeperHost['admit']>): Promise<boolean> {
    return this.host.admit(...given)
  }

  get remoteId(): string {
    return this.host.remoteId
  }

  beginHandshake(handshake: Handshake): () => void {
    return this.host.context.gate.enter(handshake)
  }

  get isDialling(): boolean {
    return this.dialLoop.isDialling
  }

  get ourDialWins(): boolean {
    return this.isDialling && this.host.context.id < this.host.remoteId
  }

  adopt(conversation: Conversation): void {
    if (this.host.context.isDestroyed) throw new NanopeerError('DESTROYED', 'This peer was destroyed.')
    if (this.conversation && this.conversation !== conversation) {
      this.finish(new NanopeerError('CONNECTION_LOST', 'The remote has restarted and began a new session.'))
    }
    this.conversation = conversation
    this.detached()
  }

  answered(opened: OpenedLink): void {
    this.dialLoop.stop(new NanopeerError('ABORTED', 'The remote dialled first.'))
    this.opened(opened, true)
  }

  failed(error: unknown, wasLast: boolean): void {
    if (!this.host.context.isDestroyed) this.host.context.report(error, this.host.remoteId)
    if (wasLast) this.dialFailed(asNanopeerError(error))
    this.host.changed()
  }

  private async dial(signal: AbortSignal): Promise<void> {
    const { context, options, remoteId } = this.host
    const open = (dialOptions: DialOptions) => context.dial(remoteId, dialOptions)
    const opened = await dialLink(this.linkContext, signal, options.metadata, open, {
      session: () => this.detached().session,
      forgotten: () => {
        const message = 'The device has restarted; it does not know this session.'
        this.finish(new NanopeerError('CONNECTION_LOST', message))
        this.host.transition({ type: 'dialled' })
      },
    })
    this.opened(opened, false)
  }

  private dialFailed(error: NanopeerError): void {
    if (this.reception.answerLoser()) return
    if (this.isLinked && this.conversation?.session.isAttached) return
    const isFinal = !isPassing(error)
    if (isFinal || this.host.status.state === 'connecting') this.finish(error)
    if (!isFinal && this.outbound && this.host.isHeld) this.dialLoop.retry()
  }

  /** The conversation, taken off its link: a handshake for the next one reads its counts. */
  private detached(): Conversation {
    this.conversation ??= this.createConversation()
    const { conversation } = this
    if (conversation.session.isAttached) {
      conversation.detach()
      this.host.transition({ type: 'lost', link: this.links, error: null })
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
    const isNew = conversation.session.lastLink === 0
    this.inbound = isNew ? byRemote : this.inbound || byRemote
    this.dialLoop.succeeded()
    this.cancelResume()
    this.reception.dismiss()
    this.links++
    this.host.transition({ type: 'opened', link: this.links })
    try {
      conversation.attach(result, link)
    } catch (error) {
      this.ended(error as NanopeerError)
      void link.close()
      return
    }
    this.host.changed()
    if (isNew) this.host.began()
  }

  private get resumeTimeout(): number {
    return this.host.context.reconnect.resumeTimeout ?? defaultResumeTimeout
  }

  private awaitResume(timeout: number): void {
    this.cancelResume()
    this.stopResume = this.clock.after(timeout, () => {
      this.ended(new NanopeerError('CONNECTION_LOST', `The link could not be resumed within ${timeout} ms.`))
    })
  }

  private cancelResume(): void {
    this.stopResume?.()
    this.stopResume = null
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
    this.reception.dismiss()
    this.inbound = false
    this.formerSent += conversation?.sent ?? 0
    this.formerReceived += conversation?.received ?? 0
    this.host.transition({ type: 'closed', error: shown })
    this.host.transition({ type: 'scheduled', retryAt: null })
    this.host.changed()
  }
}

/** Codes that stay what they are however often one tries. */
const finalCodes: readonly string[] = ['REFUSED', 'PROTOCOL', 'INVALID_ID', 'UNSUPPORTED', 'DESTROYED']

const isPassing = ({ code }: NanopeerError): boolean => !finalCodes.includes(code)
