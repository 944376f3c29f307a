import { NanopeerError, type RequestError } from '../../base/errors'
import { decodeValue } from '../../codec/read'
import type { AnswerBudget } from '../rpc/answer-budget'
import type { Source } from '../rpc/byte-source'
import type { Answer, Dispatch, IncomingRequest } from '../rpc/run-handler'
import type { Codec } from './codec'
import {
  createEnvelope,
  type Envelope,
  type Part,
  type Reply,
  replied,
  replyWith,
  withPart,
} from './envelope'
import { Parts, type SeriesBudget } from './parts'
import type { SendQueue } from './send-queue'

const nothing = new Uint8Array(0)

/** What an answer needs of its conversation. */
export interface IncomingEnvelopeHost {
  readonly codec: Codec
  readonly queue: SendQueue
  readonly ordered: boolean
  readonly series: SeriesBudget
  readonly answers: AnswerBudget
  report(error: unknown): void
}

/** The device's side of one envelope: one run of a handler. */
export class IncomingEnvelope implements IncomingRequest {
  readonly head
  readonly input: unknown
  readonly requestId: string
  readonly body = undefined
  private readonly controller = new AbortController()
  private source: Source | null = null

  constructor(
    private readonly envelope: Envelope,
    private readonly host: IncomingEnvelopeHost,
  ) {
    const { action, request } = envelope
    this.input = request.body
    this.requestId = request.id
    this.head = { action, kind: null, body: null, requestId: request.id }
  }

  get signal(): AbortSignal {
    return this.controller.signal
  }

  get isAborted(): boolean {
    return this.signal.aborted
  }

  /** Runs the handler and sends what it answers. Resolves when that is written, or never will be. */
  async serve(dispatch: Dispatch): Promise<void> {
    const answer = await dispatch(this)
    if (answer.kind === 'stream') this.source = answer.source
    try {
      if (this.signal.aborted) this.source?.cancel(this.signal.reason)
      else await this.send(answer)
    } catch (error) {
      await this.fail(error as RequestError)
    }
  }

  /** The asker is lost. */
  abort(error: NanopeerError): void {
    this.source?.cancel(error)
    this.controller.abort(error)
  }

  private async send(answer: Answer): Promise<void> {
    if (answer.kind === 'failure') return this.reply(replyWith(answer.error))
    if (answer.kind === 'value') return this.sendValue(decodeValue(answer.payload))
    if (answer.kind === 'stream' && answer.head) return this.sendSeries(answer.source)
    const message = `${JSON.stringify(this.head.action)} answers with what takes nanopeer on both sides.`
    throw new NanopeerError('UNSUPPORTED', message)
  }

  private sendValue(data: unknown): Promise<void> {
    this.check(data)
    return this.reply({ code: 200, data, message: '' })
  }

  private check(data: unknown): void {
    try {
      this.host.codec.check(data, 'INVALID_OUTPUT')
    } catch (error) {
      this.host.report(error)
      // Where in it and why only the device hears: names of fields are data, too.
      const { action } = this.head
      const message = `What the handler of ${JSON.stringify(action)} answered cannot be sent to a PeerJS client.`
      throw new NanopeerError('INVALID_OUTPUT', message)
    }
  }

  private async sendSeries(source: Source): Promise<void> {
    this.check(nothing)
    const parts = new Parts(source, this.host.ordered, this.host.series)
    try {
      await this.sendParts(parts)
    } finally {
      parts.end()
    }
  }

  private async sendParts(parts: Parts): Promise<void> {
    let chunk = await parts.next()
    await this.sendPart({ type: 'start', chunk: chunk ?? nothing })
    while (chunk !== null && !this.signal.aborted) {
      chunk = await parts.next()
      if (chunk !== null) await this.sendPart({ type: 'chunk', chunk })
    }
    await this.sendPart({ type: 'end', chunk: nothing })
  }

  private async sendPart(part: Part): Promise<void> {
    const { codec, ordered, queue } = this.host
    if (this.signal.aborted) return
    await this.write(codec.encode(withPart(this.envelope, part)))
    // On an unordered channel the next part must not overtake this one.
    if (!ordered && part.type !== 'end') await queue.settled()
  }

  private async fail(error: RequestError): Promise<void> {
    this.source?.cancel(error)
    if (this.signal.aborted) return
    // A channel that is gone takes nothing any more, and that has been told.
    await this.reply(replyWith(error)).catch(() => {})
  }

  private async reply(reply: Reply): Promise<void> {
    const { codec, answers } = this.host
    const messages = codec.encode(replied(this.envelope, reply))
    const size = messages.reduce((sum, { length }) => sum + length, 0)
    if (!answers.take(size)) {
      // Without what was asked: that may be what is large.
      const { action, requestId } = this.head
      const error = new NanopeerError(
        'OVERLOADED',
        'The answers before this one have not been read; ask again.',
      )
      const refusal = replied(createEnvelope(action, requestId, null), replyWith(error))
      return this.write(codec.encode(refusal))
    }
    try {
      await this.write(messages)
    } finally {
      answers.give(size)
    }
  }

  /** What belongs to a series leaves behind what was written of it before. */
  private write(messages: readonly Uint8Array<ArrayBuffer>[]): Promise<void> {
    return this.host.queue.write(messages, this.source !== null)
  }
}
