import { asNanopeerError, NanopeerError, verdictOf } from '../../base/errors'
import type { Link } from '../../base/transport'
import type { MediaStats } from '../../base/types'
import type { ConnectionEvent } from '../../connection/machine'
import type { ConnectionHost, Exchange, OutgoingRequest, OutgoingRequestEvents } from '../../engine'
import type { PeerContext } from '../context'
import type { LinkReporter } from '../events'
import { noPayload } from '../wire/frame'
import { DialLoop } from './dial-loop'
import type { Figures } from './stats'

/** What a protocol's driver needs of the connection's. */
export interface ProtocolHost {
  readonly context: PeerContext
  readonly connection: ConnectionHost
  /** What dials this remote; any other driver only answers. */
  readonly dialler: AnyProtocolDriver
  /** Ignored where the connection talks by another protocol. */
  transition(event: ConnectionEvent, by: AnyProtocolDriver): void
  /** This is what the connection talks by from now on. */
  switchTo(driver: AnyProtocolDriver): void
  /** What is talked over is another one now, or gone. */
  changed(): void
  /** There is no PeerJS client to talk to any more. */
  plainEnded(): void
  /** A plain message. `weight`: about what it takes in memory, bytes. */
  message(value: unknown, weight: number): void
}

/** What is talked over: a session with its requests, or a plain channel. */
interface Conversation {
  readonly link: Pick<Link, 'stats'> | null
  /** Requests and streams that are not finished, in either direction. */
  readonly size: number
  readonly sent: number
  readonly received: number
  mediaStats(): Promise<MediaStats | null>
  /** Everything pending rejects with `error`; then what is queued is written, with a goodbye, and the link closed. */
  close(error: NanopeerError, goodbye?: Uint8Array<ArrayBuffer>): Promise<void>
  /** The page is going away: there is no time to drain. */
  abort(error: NanopeerError): void
}

/** A protocol's driver, whichever it is. */
export type AnyProtocolDriver = ProtocolDriver<Conversation>

/** What all protocols do alike: when they dial, and what the status says of it. */
export abstract class ProtocolDriver<Talk extends Conversation> {
  conversation: Talk | null = null
  inbound = false
  /** Links this connection has gone through. */
  links = 0
  protected readonly dialLoop: DialLoop
  private reporter: LinkReporter | null = null
  /** The dial under way is one of the loop's own: nobody has asked for it just now. */
  private isRedial = false
  /** Bytes of the conversations before this one. */
  private formerSent = 0
  private formerReceived = 0

  constructor(protected readonly host: ProtocolHost) {
    const { clock, options } = host.context
    this.dialLoop = new DialLoop(clock, options.reconnect ?? {}, {
      attempt: (signal) => this.watchedDial(signal),
      failed: (error) => this.dialFailed(error),
      scheduled: (retryAt) => this.scheduled(retryAt),
    })
  }

  abstract request(request: OutgoingRequest, events: OutgoingRequestEvents, again: boolean): Exchange
  abstract send(payload: Uint8Array): Promise<void>
  abstract ping(): void
  /** Ends the session now, and tells the remote that it is refused. */
  abstract revoke(error: NanopeerError): void
  /** Ends what has not proved what is asked now: nothing more is said to whoever is there. */
  abstract dropUnproven(): void
  /** Ms; null until measured. */
  protected abstract get roundTrip(): number | null
  /** Something was sent to a remote that has not said a word yet: what was asked so may not be asked again. */
  protected abstract get mayHaveRun(): boolean
  protected abstract dial(signal: AbortSignal): Promise<void>
  /** Looks at once whether the remote still answers. */
  protected abstract probe(): void

  get isLinked(): boolean {
    const { state } = this.host.connection.status
    return state === 'open' || state === 'unstable'
  }

  get isOn(): boolean {
    return this.conversation !== null
  }

  get size(): number {
    return this.conversation?.size ?? 0
  }

  get figures(): Figures {
    const { conversation, links, roundTrip, formerSent, formerReceived } = this
    return {
      link: conversation?.link ?? null,
      links,
      roundTrip,
      sent: formerSent + (conversation?.sent ?? 0),
      received: formerReceived + (conversation?.received ?? 0),
      mediaStats: async () => conversation?.mediaStats() ?? null,
    }
  }

  /** What both sides must prove to know; null where nothing is to be proved. */
  get secret(): string | null {
    const { context, connection } = this.host
    return connection.options.secret ?? context.trust.secretFor(connection.remoteId)
  }

  /** The key that the app has pinned; null where none. */
  get pin(): string | null {
    return this.host.connection.options.key ?? null
  }

  wake(): void {
    if (this.isLinked) this.probe()
    else if (this.dialLoop.isWaiting) this.startDialling()
    else this.dialIfWanted()
  }

  dialIfWanted(): void {
    const { state } = this.host.connection.status
    const isDown = state === 'idle' || state === 'closed'
    if (isDown && this.isWanted && !this.dialLoop.isWaiting) this.startDialling()
  }

  startDialling(): void {
    this.isRedial = false
    this.transition({ type: 'dialled' })
    this.dialLoop.start()
  }

  async close(error: NanopeerError): Promise<void> {
    const { conversation } = this
    this.dialLoop.stop(error)
    this.drop(null, error)
    await conversation?.close(error, noPayload)
  }

  /** The page is going away. */
  abort(): void {
    const { conversation } = this
    const error = new NanopeerError('CONNECTION_LOST', 'The page was left.')
    this.dialLoop.stop(error)
    this.drop(error)
    conversation?.abort(error)
  }

  /** The conversation is over, by the remote's word or for want of a link; what is still wanted is dialled anew. */
  protected finishWith(error: NanopeerError): void {
    this.dialLoop.stop(error)
    const { isWanted } = this
    this.finish(isWanted || verdictOf(error).isFinal ? error : null, error)
    if (isWanted && !verdictOf(error).isFinal) this.dialLoop.retry()
  }

  protected dialFailed(error: NanopeerError): void {
    const { isFinal, isAlarm = false } = verdictOf(error)
    const isConnecting = this.host.connection.status.state === 'connecting'
    if (isFinal || isAlarm || (isConnecting && (!this.isRedial || this.mayHaveRun))) this.finish(error)
    // What was asked since the first dial failed waits for one that does not.
    else if (isConnecting) this.transition({ type: 'closed', error })
    if (!isFinal && this.isWanted) this.dialLoop.retry(isAlarm)
  }

  /** A link is up: the status says so. */
  protected linked(byRemote: boolean, session: 'new' | 'resumed' | null): void {
    this.dialLoop.succeeded()
    this.links++
    this.linkReporter?.up(this.links, byRemote, session)
    this.transition({ type: 'opened', link: this.links })
  }

  /** The link is gone; `error` is null where another one takes its place. */
  protected unlinked(error: NanopeerError | null): void {
    this.linkReporter?.down(error)
    this.transition({ type: 'lost', link: this.links, error })
  }

  /** Everything pending rejects with `reason`; the status says `shown`. */
  protected finish(shown: NanopeerError | null, reason = shown): void {
    const { conversation } = this
    const error = reason ?? new NanopeerError('CONNECTION_LOST', 'The connection was closed.')
    this.drop(shown, error)
    void conversation?.close(error)
  }

  /** Forgets the conversation, which the caller ends with `reason`. */
  protected drop(shown: NanopeerError | null, reason = shown): void {
    const { conversation } = this
    this.conversation = null
    this.inbound = false
    this.formerSent += conversation?.sent ?? 0
    this.formerReceived += conversation?.received ?? 0
    this.linkReporter?.down(reason)
    this.transition({ type: 'closed', error: shown })
    this.transition({ type: 'scheduled', retryAt: null })
    this.host.changed()
  }

  private scheduled(retryAt: number | null): void {
    if (retryAt !== null || this.host.connection.status.state !== 'closed') {
      this.transition({ type: 'scheduled', retryAt })
      return
    }
    this.isRedial = true
    this.transition({ type: 'dialled' })
  }

  protected transition(event: ConnectionEvent): void {
    this.host.transition(event, this)
  }

  private get linkReporter(): LinkReporter | undefined {
    const { context, connection } = this.host
    if (context.events) this.reporter ??= context.events.links(connection.remoteId)
    return this.reporter ?? undefined
  }

  private async watchedDial(signal: AbortSignal): Promise<void> {
    const { context, connection } = this.host
    const failed = context.events?.dialStarted(connection.remoteId)
    try {
      await this.dial(signal)
    } catch (error) {
      failed?.(asNanopeerError(signal.aborted ? signal.reason : error))
      throw error
    }
  }

  private get isWanted(): boolean {
    const { outbound, isHeld } = this.host.connection
    return outbound && isHeld && this.host.dialler === this
  }
}
