import { WaitingAsk } from '../../connection/waiting-call'
import { destroyed, NanopeerError } from '../../errors'
import type { PlainChannel } from '../../transport'
import { refused } from '../accept'
import { defaultDialTimeout } from '../handshake/open-link'
import type { PlainConversation, PlainOptions } from '../plain/conversation'
import type { OutgoingRequest, OutgoingRequestEvents } from '../rpc/outgoing-call'
import { DialKeeper } from './dial-keeper'
import type { Exchange } from './keeper'

/** Somebody who waits for the next channel. */
interface Waiting {
  readonly opened: Promise<PlainConversation>
  resolve(conversation: PlainConversation): void
  reject(error: NanopeerError): void
}

/** Keeps the connection to a remote that is not nanopeer: one channel at a time, and nothing that outlives it. */
export class PlainKeeper extends DialKeeper<PlainConversation> {
  protected roundTrip: number | null = null
  private waiting: Waiting | null = null

  ask(ask: OutgoingRequest, events: OutgoingRequestEvents, again: boolean): Exchange {
    if (this.conversation) return this.conversation.ask(ask, events)
    if (!(again && this.dialLoop.isWaiting)) this.wake()
    return new WaitingAsk(ask, events, this.opened)
  }

  async send(payload: Uint8Array): Promise<void> {
    if (!this.conversation) this.wake()
    const conversation = this.conversation ?? (await this.opened)
    return conversation.send(payload)
  }

  /** A remote that is not nanopeer answers no ping; ICE measures the path. */
  ping(): void {
    const { conversation } = this
    conversation?.link.stats().then(
      ({ rtt }) => {
        if (this.conversation === conversation) this.roundTrip = rtt
      },
      () => {}, // A channel that closes meanwhile has no round trip.
    )
  }

  /** Nothing to be asked; packets are watched all the time. */
  protected probe(): void {}

  dropUnproven(): void {
    const { conversation } = this
    if (!conversation || this.secret === null) return
    void this.shut(new NanopeerError('ABORTED', 'The secret of this connection was changed.'))
  }

  /**
   * The remote dialled us. Never rejects.
   *
   * @param isTaken whether a nanopeer remote is here under the same id, by now
   */
  async incoming(channel: PlainChannel, isTaken: () => boolean): Promise<void> {
    const { context, remoteId } = this.host
    const finished = context.admission.enter({ remoteId, isDecided: true, giveUp() {} })
    try {
      this.refuseWithSecret()
      const accepted = this.host.decide(channel.metadata, false)
      // A link to a remote that we dial ourselves is kept; only its requests are refused.
      if (!(await accepted) && !this.host.outbound) throw refused()
      channel.maxUnread = context.limits.messageSize
      const { PlainConversation } = await load()
      if (context.isDestroyed) throw destroyed()
      if (isTaken()) throw new NanopeerError('CONNECTION_LOST', 'This id has a session here by now.')
      this.open(new PlainConversation(channel, this.optionsFor(accepted)), true)
    } catch (error) {
      void channel.close(0)
      context.events?.notTaken(remoteId, 'link', error)
      if (!context.isDestroyed) context.report(error, remoteId)
    } finally {
      finished()
    }
    this.host.changed()
  }

  protected async dial(signal: AbortSignal): Promise<void> {
    const { context, remoteId, options } = this.host
    this.refuseWithSecret()
    const { PlainConversation, dialInTime } = await load()
    const { timeout = defaultDialTimeout, metadata } = options
    const channel = await dialInTime(context.clock, timeout, remoteId, context.dialPlain, {
      metadata,
      signal,
    })
    try {
      if (signal.aborted) throw signal.reason
      this.open(new PlainConversation(channel, this.optionsFor(null)), false)
    } catch (error) {
      void channel.close(0)
      throw error
    }
  }

  private open(conversation: PlainConversation, byRemote: boolean): void {
    this.refuseWithSecret()
    this.host.speak(this)
    if (byRemote) this.dialLoop.stop(new NanopeerError('ABORTED', 'The remote dialled first.'))
    const { conversation: before, waiting } = this
    this.waiting = null
    // Nobody can tell a remote that was reloaded from one that dials twice; the newer link is the likelier to live.
    if (before) this.finish(new NanopeerError('CONNECTION_LOST', 'The remote has opened another link.'))
    this.conversation = conversation
    this.inbound = byRemote
    this.linked(byRemote, null)
    this.host.changed()
    this.host.began()
    waiting?.resolve(conversation)
    conversation.open()
  }

  protected override drop(shown: NanopeerError | null, reason = shown): void {
    const { waiting } = this
    this.waiting = null
    this.roundTrip = null
    super.drop(shown, reason)
    this.host.plainEnded()
    waiting?.reject(reason ?? new NanopeerError('ABORTED', 'The connection was closed.'))
  }

  /** The next channel; rejects with why there is none. */
  private get opened(): Promise<PlainConversation> {
    this.waiting ??= createWaiting()
    return this.waiting.opened
  }

  /** Such a remote cannot prove anything. */
  private refuseWithSecret(): void {
    if (this.secret === null) return
    const message =
      'A PeerJS client cannot prove that it knows the `secret`; talk to it with a peer that has none.'
    throw new NanopeerError('UNSUPPORTED', message)
  }

  /** @param accepted whether our handlers serve the remote; null while it was not asked */
  private optionsFor(accepted: Promise<boolean> | null): PlainOptions {
    const { host } = this
    const { clock, limits, budget, held, report, events } = host.context
    const notTaken = (error: NanopeerError) => events?.notTaken(host.remoteId, 'request', error)
    let verdict = accepted
    const isAccepted = () => {
      verdict ??= host.decide(undefined, false)
      return verdict
    }
    return {
      clock,
      limits,
      budget,
      held,
      envelopes: host.options.protocol !== 'plain',
      dispatch: async (request) => {
        if (await isAccepted()) return host.serve(request)
        const error = refused()
        notTaken(error)
        return { kind: 'failure', error }
      },
      refused: notTaken,
      message: (value, size) => host.message(value, size),
      changed: () => host.busyChanged(),
      silent: () => this.transition({ type: 'silent', link: this.links }),
      heard: () => this.transition({ type: 'heard', link: this.links }),
      ended: (error) => this.ended(error),
      report: (error) => report(error, host.remoteId),
    }
  }
}

const createWaiting = (): Waiting => {
  let resolve!: Waiting['resolve']
  let reject!: Waiting['reject']
  const opened = new Promise<PlainConversation>((...settle) => {
    ;[resolve, reject] = settle
  })
  // Those who wait hear of it; that nobody waits is no error.
  opened.catch(() => {})
  return { opened, resolve, reject }
}

/** What such remotes need, loaded when the first one comes or is dialled. */
const load = async () => {
  try {
    return await import('../plain')
  } catch (cause) {
    throw new NanopeerError('NETWORK', 'The part of nanopeer that talks to PeerJS clients did not load.', {
      cause,
    })
  }
}
