import { NanopeerError } from '../../base/errors'
import type { Link } from '../../base/transport'
import { refused } from '../accept'
import type { Handshake } from '../admission'
import type { PeerContext } from '../context'
import { AccepterHandshake, type Said } from '../handshake/accepter'
import type { HandshakeChannel } from '../handshake/channel'
import { answerLink, type LinkContext, type OpenedLink } from '../handshake/open-link'
import type { HandshakeResult } from '../handshake/steps'
import type { Hello } from '../wire/hello'
import { type Asked, askedAnew, isSameAsked } from './asked'
import type { Conversation } from './conversation'

/** A link that somebody wants to replace without proof gets this long to show that it lives, ms. */
const replaceAfter = 1000

/** What answering needs of the connection. */
export interface AcceptorHost {
  readonly context: PeerContext
  readonly remoteId: string
  /** What a handshake goes by, as of now. Rejects where our own identity is not to be had. */
  linkContext(): Promise<LinkContext & Asked>
  /** Whether that is still what the app asks of the remote. */
  isCurrent(asked: Asked): boolean
  /** The conversation under way, if there is one. */
  readonly conversation: Conversation | null
  /** We dial this remote ourselves, or mean to. */
  readonly outbound: boolean
  /** Our dial is under way. */
  readonly isDialling: boolean
  /** Our dial is under way, and wins against theirs: our id is the lower one. */
  readonly ourDialWins: boolean
  createConversation(): Conversation
  /** Makes it the connection's conversation, ending another one, and takes it off its link. */
  adopt(conversation: Conversation): void
  /** Whether our handlers serve this remote. Asked once per session. */
  admit(conversation: Conversation, said: Said, wait: () => void): Promise<boolean>
  answered(link: OpenedLink): void
  /** Their link did not come about; `wasLast`: our own dial had failed already, in its favour. */
  failed(error: unknown, wasLast: boolean): void
}

/** A handshake, and what our side is asked about it; never rejects. */
type Deciding = Handshake & { decision: Promise<unknown> }

/** The conversation that a HELLO meant, and the link that it was on then. */
interface Meant {
  readonly conversation: Conversation
  readonly lastLink: number
}

/** Answers the remote's dials: which session a HELLO means, and whether it may have it. */
export class Acceptor {
  /** The remote's dial that lost against ours, unread until ours has an end. */
  private glare: Link | null = null

  constructor(private readonly host: AcceptorHost) {}

  /** The remote dialled us. */
  incoming(link: Link): void {
    if (!this.host.ourDialWins) {
      void this.answer(link)
      return
    }
    this.dismiss()
    this.glare = link
  }

  /** Our own dial failed: theirs, if it waits, is the one. False when there is none. */
  answerGlare(): boolean {
    const { glare } = this
    this.glare = null
    if (glare) void this.answer(glare, true)
    return glare !== null
  }

  /** Our own dial won, or nothing is wanted any more. */
  dismiss(): void {
    void this.glare?.close(0)
    this.glare = null
  }

  /** Never rejects: a link that fails here is its remote's trouble. */
  private async answer(link: Link, isLast = false): Promise<void> {
    const { remoteId } = this.host
    const controller = new AbortController()
    const { admission } = this.host.context
    const entry: Deciding = {
      remoteId,
      standing: admission.standingOf(link),
      isDecided: false,
      decision: Promise.resolve(),
      giveUp: (error) => controller.abort(error),
    }
    const finished = admission.enter(entry)
    try {
      const context = await this.termsFor(link)
      const shakeHands = (channel: HandshakeChannel) => this.shakeHands(channel, context, entry)
      this.host.answered(await answerLink(context, link, controller.signal, shakeHands))
    } catch (error) {
      this.host.failed(error, isLast)
    } finally {
      // Whoever hangs up while somebody is asked about it has that question's place for as long as it takes.
      void entry.decision.finally(finished)
    }
  }

  /** Without them nobody is answered. */
  private async termsFor(link: Link): Promise<LinkContext & Asked> {
    try {
      return await this.host.linkContext()
    } catch (error) {
      void link.close(0)
      throw error
    }
  }

  /** The whole way in. A dialler that was told that its session is not known may begin another one. */
  private async shakeHands(
    channel: HandshakeChannel,
    context: LinkContext & Asked,
    entry: Deciding,
  ): Promise<HandshakeResult> {
    const handshake = new AccepterHandshake(channel, context)
    for (let attempt = 0; attempt < 2; attempt++) {
      const hello = await handshake.hear()
      const conversation = await this.find(hello, handshake)
      await handshake.answer(conversation?.session ?? null)
      if (!conversation) continue
      const before = this.host.conversation
      const lastLink = before?.session.lastLink
      const meant = { conversation, lastLink: conversation.session.lastLink }
      const ready = await handshake.ready(conversation.session)
      entry.isDecided = true
      entry.decision = this.host.admit(conversation, ready, () => handshake.wait())
      const accepted = await handshake.during(entry.decision)
      // A link to a remote that we dial ourselves is kept; only its requests are refused.
      if (!accepted && !this.host.outbound) throw refused()
      // A handshake can be drawn out: what came back to life since then is not to be replaced unasked.
      const now = this.host.conversation
      const isSeen = now === before && now?.session.lastLink === lastLink
      if (now && now !== conversation && now.session.isAttached && !isSeen) await this.provedDead(now)
      handshake.check()
      // Our own dial, whose link does not carry it yet, may have learned a key for it.
      if (!handshake.isSame(conversation.session)) throw heldByOther()
      this.adopt(meant, before, hello, context)
      return handshake.accept(conversation.session, ready)
    }
    throw new NanopeerError('PROTOCOL', 'The remote insists on a session that is not known.')
  }

  /** The conversation that a HELLO means: the one we have, a new one, or none that we know (null). */
  private async find(hello: Hello, handshake: AccepterHandshake): Promise<Conversation | null> {
    const current = this.host.conversation
    if (current && !handshake.isSame(current.session)) throw heldByOther()
    if (current && isMeant(current, hello)) {
      refuseStale(current, hello)
      if (!handshake.isHolder(current.session)) return null
      const mayTakeOver = !handshake.isUnproved(current.session) || (await this.isDead(current))
      return mayTakeOver ? current : this.find(hello, handshake)
    }
    if (hello.to !== null) return null
    if (current?.session.remoteIncarnation === null && !this.isInDoubt(current, hello)) return current
    if (!current || (await this.isDead(current))) return this.host.createConversation()
    return this.find(hello, handshake)
  }

  /** @throws `NanopeerError` `CONNECTION_LOST` where that is no longer what was agreed on. */
  private adopt(
    { conversation, lastLink }: Meant,
    before: Conversation | null,
    hello: Hello,
    asked: Asked,
  ): void {
    const now = this.host.conversation
    // What was looked at when the HELLO came is no longer so: somebody may have proved himself in it since.
    if (conversation.session.lastLink !== lastLink) throw overtaken()
    if (conversation.isOver || (now !== before && now !== conversation)) {
      throw endedMeanwhile()
    }
    if (!isSameAsked(conversation, asked) || !this.host.isCurrent(asked)) throw askedAnew()
    refuseStale(conversation, hello)
    this.host.adopt(conversation)
  }

  /**
   * Both sides wanted the same thing at once. But what went out behind a HELLO of ours may have been run there, by a
   * life of the device that is over: sent again, it would run twice. It was this life, which leaves our dial unread
   * while its own is under way, if it is older than that.
   */
  private isInDoubt({ session }: Conversation, { age }: Hello): boolean {
    if (!session.hasBegun) return false
    return !this.host.isDialling || age < this.host.context.clock.now() - session.earlyAt
  }

  /**
   * Whether this conversation is there as before, and its link has shown no life while we waited. Much may happen
   * meanwhile: a HELLO may even mean the session that is on then. Rejects when the link lives.
   */
  private async isDead(current: Conversation): Promise<boolean> {
    if (!current.session.isAttached) return true
    await this.provedDead(current)
    return this.host.conversation === current
  }

  /** Resolves when the present link shows no life; rejects when it does. */
  private async provedDead(conversation: Conversation): Promise<void> {
    const { received } = conversation
    conversation.session.ping()
    await new Promise<void>((resolve) => this.host.context.clock.after(replaceAfter, resolve))
    if (conversation.isOver || conversation.received === received) return
    throw new NanopeerError('CONNECTION_LOST', 'This id has a link here that is alive.')
  }
}

/** Whether a HELLO carries on this conversation, or begins it where only one side has heard of it yet. */
const isMeant = ({ session }: Conversation, { from, to }: Hello): boolean =>
  session.remoteIncarnation === null
    ? to === session.incarnation
    : from === session.remoteIncarnation && (to === null || to === session.incarnation)

/** Also for one whom nobody knows: until it is over, the session is that of whoever began it with a key. */
const heldByOther = () =>
  new NanopeerError('CONNECTION_LOST', 'This id has a session here that another key holds.')

/** A HELLO that was overtaken by a newer link: what its sender said of the session then is no longer so. */
const refuseStale = ({ session }: Conversation, { link }: Hello): void => {
  if (link <= session.lastLink) throw overtaken()
}

export const endedMeanwhile = () =>
  new NanopeerError('CONNECTION_LOST', 'The session ended during the handshake.')

const overtaken = () => new NanopeerError('CONNECTION_LOST', 'A newer link carries this session.')
