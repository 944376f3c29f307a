import { NanopeerError } from '../../base/errors'
import { load } from '../../base/load'
import type { Call, PlainChannel } from '../../base/transport'
import type { Remote } from '../../base/types'
import { WaitingRequests } from '../../base/waiting-requests'
import type { Exchange, OutgoingRequest, OutgoingRequestEvents } from '../../engine'
import { refused } from '../accept'
import { deviceLeft } from '../admission'
import { defaultDialTimeout } from '../handshake/open-link'
import type { PlainCalls } from '../plain/calls'
import type { PlainConversation, PlainOptions } from '../plain/conversation'
import type { Dispatch } from '../rpc/run-handler'
import { ProtocolDriver } from './protocol-driver'

/** Drives the connection to a remote that is not nanopeer: one channel at a time, and nothing that outlives it. */
export class PlainDriver extends ProtocolDriver<PlainConversation> {
  protected roundTrip: number | null = null
  protected readonly mayHaveRun = false
  private readonly waiting = new WaitingRequests(() => {})
  private readonly waitingCalls = new WaitingRequests(() => {})
  /** Null until what makes them is loaded. */
  private calls: PlainCalls | null = null

  override get isOn(): boolean {
    return super.isOn || this.isInCall
  }

  override get size(): number {
    return super.size + (this.calls?.size ?? 0)
  }

  request(request: OutgoingRequest, events: OutgoingRequestEvents, again = false): Exchange {
    // A remote that only calls has no channel.
    if (request.kind === 'media' && this.calls && this.isInCall) return this.calls.request(request, events)
    if (this.conversation) return this.conversation.request(request, events)
    if (!(again && this.dialLoop.isWaiting)) this.wake()
    return this.waiting.request(request, events)
  }

  send(payload: Uint8Array): Promise<void> {
    if (this.conversation) return this.conversation.send(payload)
    this.wake()
    return this.waiting.send(payload)
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
    if (!conversation || (this.secret === null && this.pin === null)) return
    void this.close(new NanopeerError('ABORTED', 'The secret or key of this connection was changed.'))
  }

  /**
   * The remote dialled us. Never rejects.
   *
   * @param isTaken whether a nanopeer remote is here under the same id, by now
   */
  async incoming(channel: PlainChannel, isTaken: () => boolean): Promise<void> {
    const { context, connection } = this.host
    const { remoteId } = connection
    let givenUp: NanopeerError | null = null
    const finished = context.admission.enter({
      remoteId,
      standing: context.admission.standingOf(channel),
      isDecided: true,
      giveUp(error) {
        givenUp = error
        void channel.close(0)
      },
    })
    try {
      await this.refuseWithProof()
      const remote = unprovenRemote(remoteId, channel.metadata)
      const accepted = context.accepts(remote, [])
      // A link to a remote that we dial ourselves is kept; only its requests are refused.
      if (!(await accepted) && !connection.outbound) throw refused()
      if (givenUp) throw givenUp
      channel.maxUnread = context.limits.messageSize
      const { PlainConversation } = await loadPlain()
      if (context.hasLeft) throw deviceLeft()
      if (isTaken()) throw new NanopeerError('CONNECTION_LOST', 'This id has a session here by now.')
      this.open(new PlainConversation(channel, this.optionsFor(remote, accepted)), true)
    } catch (error) {
      void channel.close(0)
      context.events?.notTaken(remoteId, 'link', error)
      if (!context.hasLeft) context.report(error, { remoteId })
    } finally {
      finished()
    }
    this.host.changed()
  }

  /**
   * The remote calls us. Never rejects.
   *
   * @param isTaken whether a nanopeer remote is here under the same id, by now
   */
  async incomingCall(call: Call, isTaken: () => boolean): Promise<void> {
    const { context, connection } = this.host
    const { remoteId } = connection
    try {
      await this.refuseWithProof()
      const remote = unprovenRemote(remoteId, call.metadata)
      const accepted = context.accepts(remote, [])
      if (!(await accepted)) throw refused()
      const { PlainCalls } = await loadCalls()
      if (context.hasLeft) throw deviceLeft()
      if (isTaken()) throw new NanopeerError('CONNECTION_LOST', 'This id has a session here by now.')
      this.refuseWithSecret()
      this.host.switchTo(this)
      this.callsOf(PlainCalls).incoming(call, this.dispatchTo(remote, accepted))
      if (this.conversation || connection.outbound) return
      // Until it opens a channel, its call is what it is connected by.
      this.inbound = true
      this.linked(true, null)
      this.host.changed()
      this.host.connection.began()
    } catch (error) {
      call.close()
      context.events?.notTaken(remoteId, 'link', error)
      if (!context.hasLeft) context.report(error, { remoteId })
      this.host.changed()
    }
  }

  protected async dial(signal: AbortSignal): Promise<void> {
    const { context, connection } = this.host
    const { remoteId, options } = connection
    await this.refuseWithProof()
    const { PlainConversation, dialInTime } = await loadPlain()
    const { timeout = defaultDialTimeout, metadata } = options
    const channel = await dialInTime(
      context.clock,
      timeout,
      remoteId,
      (id, given) => context.dialPlain(id, given),
      {
        metadata,
        signal,
      },
    )
    try {
      if (signal.aborted) throw signal.reason
      this.open(new PlainConversation(channel, this.optionsFor(unprovenRemote(remoteId), null)), false)
    } catch (error) {
      void channel.close(0)
      throw error
    }
  }

  private open(conversation: PlainConversation, byRemote: boolean): void {
    this.refuseWithSecret()
    this.host.switchTo(this)
    if (byRemote) this.dialLoop.stop(new NanopeerError('ABORTED', 'The remote dialled first.'))
    const { conversation: before } = this
    // Nobody can tell a remote that was reloaded from one that dials twice; the newer link is the likelier to live.
    if (before) this.finish(new NanopeerError('CONNECTION_LOST', 'The remote has opened another link.'))
    this.conversation = conversation
    this.inbound = byRemote
    this.linked(byRemote, null)
    this.host.changed()
    this.host.connection.began()
    this.waiting.handOver(conversation)
    conversation.open()
  }

  /** Such a remote understands no goodbye. */
  revoke(error: NanopeerError): void {
    void this.close(error)
  }

  protected override drop(shown: NanopeerError | null, reason = shown): void {
    this.roundTrip = null
    super.drop(shown, reason)
    const error = reason ?? new NanopeerError('ABORTED', 'The connection was closed.')
    this.calls?.abort(error)
    // Calls that were under way have held the connection until now.
    this.host.connection.busyChanged()
    this.host.plainEnded()
    this.waiting.fail(error)
    this.waitingCalls.fail(error)
  }

  private get isInCall(): boolean {
    return (this.calls?.size ?? 0) > 0
  }

  /** What makes calls is loaded for the first one: most remotes that are not nanopeer never have one. */
  private call(request: OutgoingRequest, events: OutgoingRequestEvents): Exchange {
    if (this.calls) return this.calls.request(request, events)
    const exchange = this.waitingCalls.request(request, events)
    loadCalls().then(
      ({ PlainCalls }) => {
        this.callsOf(PlainCalls)
        this.waitingCalls.handOver(this)
      },
      (error: NanopeerError) => this.waitingCalls.fail(error),
    )
    return exchange
  }

  private callsOf(Calls: typeof PlainCalls): PlainCalls {
    const { context, connection } = this.host
    const { remoteId } = connection
    this.calls ??= new Calls({
      dispatch: this.dispatchTo(unprovenRemote(remoteId), null),
      createStream: () => context.createStream(),
      call: (metadata) => context.call(remoteId, metadata),
      changed: () => this.callsChanged(),
    })
    return this.calls
  }

  private callsChanged(): void {
    // A remote that only called has hung up.
    if (this.conversation || this.isInCall || !this.isLinked) this.host.connection.busyChanged()
    else {
      this.finish(null)
      this.dialIfWanted()
    }
  }

  /** Such a remote cannot prove anything. */
  private refuseWithSecret(): void {
    if (this.secret === null && this.pin === null) return
    const message =
      'A PeerJS client can prove no `secret` and no `key`; talk to it with a peer that asks for none, under an id that has none.'
    throw new NanopeerError('UNSUPPORTED', message)
  }

  /** The same for an id that is known by a key, which may have to be looked up. */
  private async refuseWithProof(): Promise<void> {
    this.refuseWithSecret()
    const { context, connection } = this.host
    if ((await context.trust.keyOf(connection.remoteId)) === null) return
    const message =
      'This id is known by a key, which a PeerJS client cannot prove; forget that key, or choose another id.'
    throw new NanopeerError('UNSUPPORTED', message)
  }

  /** @param accepted whether our handlers serve the remote; null while it was not asked */
  private dispatchTo(remote: Remote, accepted: Promise<boolean> | null): Dispatch {
    const { context, connection } = this.host
    let verdict = accepted
    return async (request) => {
      verdict ??= context.accepts(remote, [])
      if (await verdict) {
        this.conversation?.served()
        return context.serve(request, connection.handle, remote)
      }
      const error = refused()
      context.events?.notTaken(remote.id, 'request', error)
      return { kind: 'failure', error }
    }
  }

  private optionsFor(remote: Remote, accepted: Promise<boolean> | null): PlainOptions {
    const { host } = this
    const { context, connection } = host
    const { clock, limits, budget, held, arrived, fairReads, events } = context
    const { remoteId } = connection
    return {
      clock,
      limits,
      budget,
      held,
      arrived,
      fairReads,
      envelopes: connection.options.protocol !== 'plain',
      dispatch: this.dispatchTo(remote, accepted),
      call: (request, requestEvents) => this.call(request, requestEvents),
      refused: (error) => events?.notTaken(remoteId, 'request', error),
      message: (value, weight) => host.message(value, weight),
      changed: () => connection.busyChanged(),
      silent: () => this.transition({ type: 'silent', link: this.links }),
      heard: () => this.transition({ type: 'heard', link: this.links }),
      ended: (error) => this.finishWith(error),
      report: (error) => context.report(error, { remoteId }),
    }
  }
}

/** A remote that is not nanopeer has proved nothing. */
const unprovenRemote = (id: string, metadata?: unknown): Remote => ({
  id,
  key: null,
  metadata,
  authenticated: false,
})

/** What such remotes need, loaded when the first one comes or is dialled. */
const loadPlain = () =>
  load('nanopeer for PeerJS clients', () => import('../plain/index'), 'PlainConversation')

const loadCalls = () => load("nanopeer for PeerJS's calls", () => import('../plain/calls'), 'PlainCalls')
