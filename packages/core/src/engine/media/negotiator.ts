import { NanopeerError } from '../../base/errors'
import type { TrackConnection } from '../../base/transport'
import { HeaderExtensions } from './header-extensions'
import {
  type Description,
  idleNegotiation,
  type Negotiation,
  type NegotiationEvent,
  negotiationTransition,
  type Task,
} from './negotiation'
import { withoutCandidates } from './sections'

/** Who waits for answers has an offer that was passed over, an answer, and another offer under way. */
const maxWaiting = 3

export interface NegotiatorHost {
  /** @throws `NanopeerError` `PROTOCOL` for what the remote may not say. */
  check(description: Description): void
  /** Our sections have their mids; called before the offer that has them is sent. */
  offering(): void
  send(description: Description): void
  /** A description was taken: tracks may have come, or gone. */
  changed(): void
  /** The remote broke the protocol: its description can or may not be taken. Nothing follows. */
  refused(error: NanopeerError): void
  /** Our own could not be made. */
  failed(error: unknown): void
}

/** Negotiates what travels on one link's connection, from the moment it carries a session until it is gone. */
export class Negotiator {
  private state: Negotiation
  private isOver = false
  private readonly extensions = new HeaderExtensions()

  constructor(
    private readonly connection: TrackConnection,
    isPolite: boolean,
    private readonly host: NegotiatorHost,
  ) {
    this.state = idleNegotiation(isPolite)
  }

  /** What we send has changed. */
  needed(): void {
    this.feed({ type: 'needed' })
  }

  receive(description: Description): void {
    if (this.state.waiting.length >= maxWaiting) {
      return this.refuse(new NanopeerError('PROTOCOL', 'The remote negotiates on without waiting for us.'))
    }
    this.feed({ type: 'received', description })
  }

  /** The link is gone. */
  stop(): void {
    this.isOver = true
  }

  private feed(event: NegotiationEvent): void {
    if (this.isOver) return
    const { task } = this.state
    const next = negotiationTransition(this.state, event)
    if (!next)
      return this.refuse(new NanopeerError('PROTOCOL', 'The remote answered an offer that is not there.'))
    this.state = next
    if (next.task && next.task !== task) void this.work(next.task)
  }

  private refuse(error: NanopeerError): void {
    if (this.isOver) return
    this.isOver = true
    this.host.refused(error)
  }

  private async work(task: Task): Promise<void> {
    try {
      if (task.type === 'offer') await this.offer()
      else await this.take(task)
    } catch (error) {
      // A connection that is closed meanwhile does nothing any more, and says so.
      if (!this.isOver) this.host.failed(error)
      return
    }
    this.feed({ type: 'done' })
  }

  private async offer(): Promise<void> {
    await this.connection.setLocalDescription()
    if (this.isOver) return
    this.host.offering()
    this.send('offer')
  }

  private async take(task: Exclude<Task, { type: 'offer' }>): Promise<void> {
    const { type, sdp } = task.type === 'answer' ? task.offer : task.answer
    try {
      this.host.check({ type, sdp })
      await this.connection.setRemoteDescription({ type, sdp: this.extensions.withoutOthers(sdp) })
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause)
      const message = `The remote sent a session description that cannot be applied: ${reason}`
      this.refuse(cause instanceof NanopeerError ? cause : new NanopeerError('PROTOCOL', message))
    }
    if (task.type === 'answer' && !this.isOver) {
      await this.connection.setLocalDescription()
      if (!this.isOver) this.send('answer')
    }
    if (!this.isOver) this.host.changed()
  }

  private send(type: Description['type']): void {
    const { sdp = '' } = this.connection.localDescription ?? {}
    this.extensions.said(sdp)
    this.host.send({ type, sdp: withoutCandidates(sdp) })
  }
}
