import type { ConnectionEvent } from '../../connection/machine'
import type { Figures } from '../../connection/stats'
import { NanopeerError } from '../../errors'
import type { Link } from '../../transport'
import type { ConnectionStatus, ConnectOptions } from '../../types'
import type { Events, LinkReporter } from '../events'
import type { OutgoingRequest, OutgoingRequestEvents } from '../rpc/outgoing-call'
import type { Answer, IncomingRequest } from '../rpc/run-handler'
import { noPayload } from '../wire/frame'
import type { ConnectionContext } from './context'
import { asNanopeerError, DialLoop, isPassing } from './dial-loop'
import type { Exchange, Keeper, KeeperCensus } from './keeper'

/** What keeping something to talk over needs of the connection. */
export interface KeeperHost {
  readonly context: ConnectionContext
  readonly remoteId: string
  readonly options: ConnectOptions
  /** This side wants the connection, so it dials and redials. */
  readonly outbound: boolean
  readonly isHeld: boolean
  /** The keeper that dials this remote; any other one only answers. */
  readonly dialler: Keeper
  readonly status: ConnectionStatus
  /** Ignored where the connection talks over another keeper. */
  transition(event: ConnectionEvent, by: Keeper): void
  /** What is talked over is another one now, or gone. */
  changed(): void
  /** Something new to talk over, not a resumed session, is open. */
  began(): void
  /** There is no PeerJS client to talk to any more. */
  plainEnded(): void
  /** This one is what the connection talks over from now on. */
  speak(keeper: Keeper): void
  /** Whether our handlers serve this remote; `wait` asks the remote for patience. Never rejects. */
  decide(metadata: unknown, authenticated: boolean, wait?: () => void): Promise<boolean>
  /** Runs the handler, for a remote that is accepted. */
  serve(request: IncomingRequest): Promise<Answer>
  /** A plain message. `size`: its bytes on the wire, or about what it takes in memory. */
  message(value: unknown, size: number): void
  /** The number of exchanges changed. */
  busyChanged(): void
}

/** What is talked over. */
interface Talk {
  readonly link: Pick<Link, 'stats'> | null
  /** Requests and streams that are not finished, in either direction. */
  readonly size: number
  readonly census: KeeperCensus
  readonly sent: number
  readonly received: number
  /** Everything pending rejects with `error`; then what is queued is written, with a goodbye, and the link closed. */
  end(error: NanopeerError, goodbye?: Uint8Array<ArrayBuffer>): Promise<void>
  /** The page is going away: there is no time to drain. */
  leave(error: NanopeerError): void
}

/** What all keepers do alike: when they dial, and what the status says of it. */
export abstract class DialKeeper<Conversation extends Talk> implements Keeper {
  conversation: Conversation | null = null
  inbound = false
  /** Links this connection has gone through. */
  links = 0
  protected readonly dialLoop: DialLoop
  private readonly linkEvents: LinkReporter | undefined
  /** Bytes of the conversations before this one. */
  private formerSent = 0
  private formerReceived = 0

  constructor(protected readonly host: KeeperHost) {
    const { clock, reconnect, events } = host.context
    this.linkEvents = events?.links(host.remoteId)
    this.dialLoop = new DialLoop(clock, reconnect, {
      attempt: (signal) => (events ? this.watchedDial(signal, events) : this.dial(signal)),
      failed: (error) => this.dialFailed(error),
      scheduled: (retryAt) => this.transition({ type: 'scheduled', retryAt }),
    })
  }

  abstract ask(ask: OutgoingRequest, events: OutgoingRequestEvents, again: boolean): Exchange
  abstract send(payload: Uint8Array): Promise<void>
  abstract ping(): void
  abstract dropUnproven(): void
  /** Ms; null until measured. */
  protected abstract get roundTrip(): number | null
  protected abstract dial(signal: AbortSignal): Promise<void>
  /** Looks at once whether the remote still answers. */
  protected abstract probe(): void

  get isLinked(): boolean {
    const { state } = this.host.status
    return state === 'open' || state === 'unstable'
  }

  get isOn(): boolean {
    return this.conversation !== null
  }

  get size(): number {
    return this.conversation?.size ?? 0
  }

  get census(): KeeperCensus | null {
    return this.conversation?.census ?? null
  }

  get figures(): Figures {
    const { conversation, links, roundTrip, formerSent, formerReceived } = this
    return {
      link: conversation?.link ?? null,
      links,
      roundTrip,
      sent: formerSent + (conversation?.sent ?? 0),
      received: formerReceived + (conversation?.received ?? 0),
    }
  }

  /** What both sides must prove to know; null where nothing is to be proved. */
  get secret(): string | null {
    const { context, options } = this.host
    return options.secret ?? context.secret
  }

  wake(): void {
    if (this.isLinked) this.probe()
    else if (this.dialLoop.isWaiting) this.startDialling()
    else this.dialIfWanted()
  }

  dialIfWanted(): void {
    const { state } = this.host.status
    const isDown = state === 'idle' || state === 'closed'
    if (isDown && this.isWanted && !this.dialLoop.isWaiting) this.startDialling()
  }

  startDialling(): void {
    this.transition({ type: 'dialled' })
    this.dialLoop.start()
  }

  async shut(error: NanopeerError): Promise<void> {
    const { conversation } = this
    this.dialLoop.stop(error)
    this.drop(null, error)
    await conversation?.end(error, noPayload)
  }

  leave(): void {
    const { conversation } = this
    const error = new NanopeerError('CONNECTION_LOST', 'The page was left.')
    this.dialLoop.stop(error)
    this.drop(error)
    conversation?.leave(error)
  }

  /** The conversation is over, by the remote's word or for want of a link; what is still wanted is dialled anew. */
  protected ended(error: NanopeerError): void {
    this.dialLoop.stop(error)
    const { isWanted } = this
    this.finish(isWanted || !isPassing(error) ? error : null, error)
    if (isWanted && isPassing(error)) this.dialLoop.retry()
  }

  protected dialFailed(error: NanopeerError): void {
    const isFinal = !isPassing(error)
    if (isFinal || this.host.status.state === 'connecting') this.finish(error)
    if (!isFinal && this.isWanted) this.dialLoop.retry()
  }

  /** A link is up: the status says so. */
  protected linked(byRemote: boolean, session: 'new' | 'resumed' | null): void {
    this.dialLoop.succeeded()
    this.links++
    this.linkEvents?.up(this.links, byRemote, session)
    this.transition({ type: 'opened', link: this.links })
  }

  /** The link is gone; `error` is null where another one takes its place. */
  protected unlinked(error: NanopeerError | null): void {
    this.linkEvents?.down(error)
    this.transition({ type: 'lost', link: this.links, error })
  }

  /** Everything pending rejects with `reason`; the status says `shown`. */
  protected finish(shown: NanopeerError | null, reason = shown): void {
    const { conversation } = this
    const error = reason ?? new NanopeerError('CONNECTION_LOST', 'The connection was closed.')
    this.drop(shown, error)
    void conversation?.end(error)
  }

  /** Forgets the conversation, which the caller ends with `reason`. */
  protected drop(shown: NanopeerError | null, reason = shown): void {
    const { conversation } = this
    this.conversation = null
    this.inbound = false
    this.formerSent += conversation?.sent ?? 0
    this.formerReceived += conversation?.received ?? 0
    this.linkEvents?.down(reason)
    this.transition({ type: 'closed', error: shown })
    this.transition({ type: 'scheduled', retryAt: null })
    this.host.changed()
  }

  protected transition(event: ConnectionEvent): void {
    this.host.transition(event, this)
  }

  private async watchedDial(signal: AbortSignal, events: Events): Promise<void> {
    const failed = events.dialStarted(this.host.remoteId)
    try {
      await this.dial(signal)
    } catch (error) {
      failed(asNanopeerError(signal.aborted ? signal.reason : error))
      throw error
    }
  }

  private get isWanted(): boolean {
    return this.host.outbound && this.host.isHeld && this.host.dialler === this
  }
}
