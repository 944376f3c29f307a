import { asNanopeerError, NanopeerError } from '../../base/errors'
import { encodeMetadata } from '../../base/metadata'
import type { DialOptions, Link } from '../../base/transport'
import type { Remote } from '../../base/types'
import type { Exchange, OutgoingRequest, OutgoingRequestEvents } from '../../engine'
import { refused } from '../accept'
import { deviceLeft } from '../admission'
import type { PeerContext } from '../context'
import type { Said } from '../handshake/accepter'
import type { HandshakeChannel } from '../handshake/channel'
import { DiallerHandshake, type DiallerOptions } from '../handshake/dialler'
import {
  defaultDialTimeout,
  dialLink,
  type LinkContext,
  type OpenedLink,
  refuseLink,
} from '../handshake/open-link'
import type { Proof } from '../handshake/proof'
import type { HandshakeResult } from '../handshake/steps'
import { offerSigner } from '../offer-proofs'
import { noTracks } from '../rpc/late-media'
import type { Answer, IncomingRequest } from '../rpc/run-handler'
import { Acceptor, type AcceptorHost, endedMeanwhile } from './acceptor'
import { type Asked, askedAnew, isSameAsked } from './asked'
import { Conversation, type ConversationHost } from './conversation'
import { ProtocolDriver } from './protocol-driver'
import { defaultResumeTimeout, goneTimeout, ResumeTimer } from './resume-timer'

/** Decides which session is on, which link carries it, when to dial, and when to give up. */
export class SessionDriver extends ProtocolDriver<Conversation> implements AcceptorHost, ConversationHost {
  private readonly acceptor = new Acceptor(this)
  private readonly resumeTimer = new ResumeTimer(
    this.context.clock,
    this.host.context.options.reconnect?.resumeTimeout ?? defaultResumeTimeout,
    (waited) => {
      const cause = this.dialFailure ?? undefined
      const message = `The link could not be resumed within ${waited} ms.`
      this.finishWith(new NanopeerError('CONNECTION_LOST', message, { cause }))
    },
  )
  /** What came of the last dial for this session. */
  private dialFailure: NanopeerError | null = null

  get context(): PeerContext {
    return this.host.context
  }

  get isOdd(): boolean {
    return this.context.id < this.remoteId
  }

  get outbound(): boolean {
    return this.host.connection.outbound
  }

  async linkContext(): Promise<LinkContext & Asked> {
    const { context, remoteId, secret, pin } = this
    const { pendingRequests, openStreams } = context.limits
    return {
      ...(await context.trust.termsWith(remoteId)),
      clock: context.clock,
      localId: context.id,
      remoteId,
      secret,
      pin,
      age: () => context.age,
      requests: Math.min(pendingRequests, openStreams),
      timeout: this.host.connection.options.timeout ?? defaultDialTimeout,
      metadata: null,
    }
  }

  protected get roundTrip(): number | null {
    return this.conversation?.session.path.latestRoundTrip ?? null
  }

  protected get mayHaveRun(): boolean {
    const session = this.conversation?.session
    return session?.hasBegun === true && session.remoteIncarnation === null
  }

  request(request: OutgoingRequest, events: OutgoingRequestEvents, again: boolean): Exchange {
    return this.converse(again).rpc.request(request, events)
  }

  send(payload: Uint8Array): Promise<void> {
    return this.converse(false).rpc.send(payload)
  }

  ping(): void {
    this.conversation?.session.ping()
  }

  /** The present conversation, or a new one. `patient`: leaves the next dial to the back-off. */
  private converse(patient: boolean): Conversation {
    this.dropUnproven()
    if (!this.isLinked && !(patient && this.dialLoop.isWaiting)) this.wake()
    this.conversation ??= this.createConversation()
    return this.conversation
  }

  dropUnproven(): void {
    if (!this.conversation || this.isCurrent(this.conversation)) return
    const error = new NanopeerError('ABORTED', 'The secret or key of this connection was changed.')
    this.dialLoop.stop(error)
    this.finish(null, error)
  }

  protected probe(): void {
    this.conversation?.probe()
  }

  /** The remote begins to dial us. */
  offered(): void {
    this.resumeTimer.extend()
  }

  /** The remote dialled us. */
  incoming(link: Link): void {
    this.resumeTimer.extend()
    this.acceptor.incoming(link)
  }

  createConversation(): Conversation {
    return new Conversation(this, this)
  }

  isCurrent(asked: Asked): boolean {
    return isSameAsked(asked, this)
  }

  // One that is draining still hears its link, but no longer speaks for the connection.

  silent(conversation: Conversation): void {
    if (conversation === this.conversation) this.transition({ type: 'silent', link: this.links })
  }

  /** The link answers again. */
  heard(conversation: Conversation): void {
    if (conversation !== this.conversation) return
    this.transition({ type: 'heard', link: this.links })
    this.dialLoop.stop(new NanopeerError('ABORTED', 'The link recovered.'))
    this.resumeTimer.end()
  }

  /** Packets have stopped: dial another link beside the silent one. Whichever speaks first carries on. */
  dead(conversation: Conversation): void {
    if (conversation !== this.conversation) return
    this.resumeTimer.begin()
    if (this.outbound && !this.dialLoop.isWaiting) this.dialLoop.start()
  }

  /** The link is gone. */
  lost(conversation: Conversation, byRemote: boolean): void {
    if (conversation !== this.conversation) return
    const error = new NanopeerError('CONNECTION_LOST', 'The link is gone.')
    this.unlinked(error)
    this.host.changed()
    const { dialled, dialling } = goneTimeout
    this.resumeTimer.begin(byRemote ? (this.outbound ? dialling : dialled) : undefined)
    if (this.outbound) this.dialLoop.again(conversation.hasMoved)
  }

  ended(conversation: Conversation, error: NanopeerError): void {
    if (conversation === this.conversation) this.finishWith(error)
  }

  changed(): void {
    this.host.connection.busyChanged()
  }

  message(value: unknown, weight: number): void {
    this.host.message(value, weight)
  }

  report(error: unknown): void {
    this.context.report(error, { remoteId: this.remoteId })
  }

  notTaken(error: NanopeerError): void {
    this.context.events?.notTaken(this.remoteId, 'request', error)
  }

  admit(conversation: Conversation, { metadata, proof }: Said, wait?: () => void): Promise<boolean> {
    const { authenticated, keys } = proof
    conversation.remote ??= Object.freeze({
      id: this.remoteId,
      key: keys[0] ?? null,
      authenticated,
      metadata,
    })
    conversation.admitted ??= this.context.accepts(conversation.remote, keys, wait).then((accepted) => {
      conversation.isAccepted = accepted
      return accepted
    })
    return conversation.admitted
  }

  serve(conversation: Conversation, request: IncomingRequest): Promise<Answer> {
    // Whoever has an answer waits for no promise: a small request costs little else.
    if (conversation.isServed) return this.serveAccepted(conversation, request)
    const said = { metadata: undefined, proof: conversation.session.proof }
    return this.admit(conversation, said).then((accepted) => {
      if (accepted) return this.serveAccepted(conversation, request)
      const error = refused()
      this.notTaken(error)
      return { kind: 'failure', error }
    })
  }

  private serveAccepted({ remote }: Conversation, request: IncomingRequest): Promise<Answer> {
    if (request.head.kind === 'media' && !this.context.hasTracks) {
      return Promise.resolve({ kind: 'failure', error: noTracks("The device's environment") })
    }
    // Whoever is accepted has been told by who it is.
    return this.context.serve(request, this.host.connection.handle, remote as Remote)
  }

  get isAuthenticated(): boolean {
    return this.conversation?.session.proof.authenticated === true
  }

  get keys(): readonly string[] {
    return this.conversation?.session.proof.keys ?? []
  }

  revoke(error: NanopeerError): void {
    const { conversation } = this
    this.dialLoop.stop(error)
    this.drop(null, error)
    conversation?.breakOff(refused(), error)
  }

  get remoteId(): string {
    return this.host.connection.remoteId
  }

  get isDialling(): boolean {
    return this.dialLoop.isDialling
  }

  get ourDialWins(): boolean {
    return this.isDialling && this.isOdd
  }

  adopt(conversation: Conversation): void {
    if (this.context.hasLeft) throw deviceLeft()
    const error = new NanopeerError('CONNECTION_LOST', 'The remote has restarted and began a new session.')
    if (this.conversation && this.conversation !== conversation) this.finish(error)
    // What whoever heard of that has asked since would wait for a link in vain.
    if (this.conversation !== conversation) void this.conversation?.close(error)
    this.host.switchTo(this)
    this.conversation = conversation
    this.detached()
  }

  answered(opened: OpenedLink): void {
    this.dialLoop.stop(new NanopeerError('ABORTED', 'The remote dialled first.'))
    this.opened(opened, true)
  }

  failed(error: unknown, wasLast: boolean): void {
    const { context, remoteId } = this
    context.events?.notTaken(remoteId, 'link', error)
    if (!context.hasLeft) context.report(error, { remoteId })
    if (wasLast) this.dialFailed(asNanopeerError(error))
    this.host.changed()
  }

  protected async dial(signal: AbortSignal): Promise<void> {
    const { context, remoteId } = this
    const answered = () => this.resumeTimer.extend()
    const metadata = encodeMetadata(this.host.connection.options.metadata)
    const learned = (proof: Proof) => context.trust.learned(remoteId, proof)
    const linkContext = { ...(await this.linkContext()), metadata, learned }
    const { secret, identity } = linkContext
    const shown = (secret !== null || identity) && { credential: offerSigner(linkContext) }
    const open = (dialOptions: DialOptions) => context.dial(remoteId, { ...dialOptions, answered, ...shown })
    const shakeHands = (channel: HandshakeChannel) => this.shakeHands(channel, linkContext)
    this.opened(await dialLink(linkContext, signal, open, shakeHands), false)
  }

  /** The whole way out. Where the remote does not know the session (any more), another one is begun. */
  private async shakeHands(
    channel: HandshakeChannel,
    context: DiallerOptions & Asked,
  ): Promise<HandshakeResult> {
    const handshake = await DiallerHandshake.begin(channel, context)
    for (let attempt = 0; attempt < 2; attempt++) {
      if (!this.isCurrent(context)) throw askedAnew()
      const result = await handshake.carry(this.detached().session)
      if (result) return result
      const message = 'The device has restarted; it does not know this session.'
      this.finish(new NanopeerError('CONNECTION_LOST', message))
      this.transition({ type: 'dialled' })
    }
    throw new NanopeerError('PROTOCOL', 'The remote forgets every session.')
  }

  protected override dialFailed(error: NanopeerError): void {
    this.dialFailure = error
    if (this.acceptor.answerGlare()) return
    if (this.isLinked && this.conversation?.session.isAttached) return
    super.dialFailed(error)
  }

  /** The conversation, taken off its link: a handshake for the next one reads its counts. */
  private detached(): Conversation {
    this.conversation ??= this.createConversation()
    const { conversation } = this
    if (conversation.session.isAttached) {
      conversation.detach()
      // What was left to read of its link has ended it.
      if (conversation !== this.conversation) throw endedMeanwhile()
      this.unlinked(null)
      this.resumeTimer.begin()
    }
    return conversation
  }

  private opened({ link, result }: OpenedLink, byRemote: boolean): void {
    const { conversation } = this
    if (!conversation || conversation.session !== result.session) {
      void link.close(0)
      return
    }
    if (this.context.trust.areRevoked(conversation.session.proof.keys)) {
      refuseLink(link, refused())
      this.finishWith(refused())
      return
    }
    const isNew = conversation.session.lastLink === 0
    this.inbound = isNew ? byRemote : this.inbound || byRemote
    this.resumeTimer.end()
    this.dialFailure = null
    this.acceptor.dismiss()
    this.linked(byRemote, isNew ? 'new' : 'resumed')
    try {
      conversation.attach(result, link)
    } catch (error) {
      this.finishWith(error as NanopeerError)
      void link.close()
      return
    }
    this.host.changed()
    if (isNew) this.host.connection.began()
  }

  protected override drop(shown: NanopeerError | null, reason = shown): void {
    this.resumeTimer.end()
    this.acceptor.dismiss()
    super.drop(shown, reason)
  }
}
