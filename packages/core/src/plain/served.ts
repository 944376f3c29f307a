import { NanopeerError, type RequestError } from '../errors'
import type { Answer, Dispatch, Incoming } from '../rpc/dispatch'
import type { Source } from '../rpc/sender'
import { decodeValue } from '../wire/values'
import type { Codec } from './codec'
import { type Envelope, type Part, replied, replyWith, withPart } from './envelope'
import type { Outgoing } from './outgoing'
import { type Gathered, Parts } from './parts'

/** What an answer needs of its conversation. */
export interface ServedHost {
  readonly codec: Codec
  readonly outgoing: Outgoing
  readonly ordered: boolean
  readonly gathered: Gathered
  report(error: unknown): void
}

/** The device's side of one envelope: one run of a handler. */
export class ServedEnvelope implements Incoming {
  readonly head
  readonly input: unknown
  readonly requestId: string
  readonly body = undefined
  private readonly controller = new AbortController()
  private source: Source | null = null

  constructor(
    private readonly envelope: Envelope,
    private readonly host: ServedHost,
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
    if (answer.kind === 'failure') return this.write(replied(this.envelope, replyWith(answer.error)))
    if (answer.kind === 'value') return this.sendValue(decodeValue(answer.payload))
    if (answer.head) return this.sendSeries(answer.source)
    const message = `${JSON.stringify(this.head.action)} answers with events, which take nanopeer on both sides.`
    throw new NanopeerError('UNSUPPORTED', message)
  }

  private sendValue(data: unknown): Promise<void> {
    this.check(data)
    return this.write(replied(this.envelope, { code: 200, data, message: '' }))
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
    const { ordered, gathered, outgoing } = this.host
    const parts = new Parts(source, ordered, gathered)
    const nothing = new Uint8Array(0)
    this.check(nothing)
    let type: Part['type'] = 'start'
    for (let chunk = await parts.next(); ; chunk = await parts.next()) {
      if (this.signal.aborted) return
      if (chunk === null && type === 'chunk') break
      await this.write(withPart(this.envelope, { type, chunk: chunk ?? nothing }))
      // The next part must not overtake this one.
      if (!ordered) await outgoing.settled()
      type = 'chunk'
    }
    await this.write(withPart(this.envelope, { type: 'end', chunk: nothing }))
  }

  private async fail(error: RequestError): Promise<void> {
    this.source?.cancel(error)
    if (this.signal.aborted) return
    // A channel that is gone takes nothing any more, and that has been told.
    await this.write(replied(this.envelope, replyWith(error))).catch(() => {})
  }

  /** What belongs to a series leaves behind what was written of it before. */
  private write(answer: Envelope): Promise<void> {
    const { codec, outgoing } = this.host
    return outgoing.write(codec.encode(answer), this.source !== null)
  }
}
