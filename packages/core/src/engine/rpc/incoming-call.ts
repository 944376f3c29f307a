import { NanopeerError, type RequestError } from '../../base/errors'
import { encodeFailure } from '../wire/failure'
import { compact, FrameType, noPayload } from '../wire/frame'
import type { RequestHead } from '../wire/request-head'
import { decodeVarint } from '../wire/varint'
import { AbortSwitch } from './abort-switch'
import type { AnswerBudget } from './answer-budget'
import { encodeBytesHead, readableFrom } from './bytes'
import { joinChunks } from './chunks'
import { IncomingStream } from './incoming-stream'
import type { LateMedia } from './late-media'
import type { Sent } from './media'
import { OutgoingStream } from './outgoing-stream'
import { type Port, sendValue } from './port'
import type { Answer, Dispatch, IncomingRequest, MediaAnswer } from './run-handler'

/** What a run needs of all the others. */
export interface IncomingCallHost {
  readonly port: Port
  readonly media: LateMedia
  readonly answers: AnswerBudget
  readonly dispatch: Dispatch
  /** The handler is done; what it answered is on its way. */
  answered(call: IncomingCall): void
  /** Nothing more is sent or heard. */
  forget(call: IncomingCall): void
}

/** The device's side of one stream: one run of a handler. */
export class IncomingCall implements IncomingRequest {
  private abortion: AbortSwitch | null = null
  private upload: IncomingStream<Uint8Array> | null = null
  private outgoing: OutgoingStream | null = null
  private media: Sent | null = null
  private mediaAnswer: MediaAnswer | null = null
  private over = false
  /** Bytes of the answer that wait to be written. */
  private queued = 0
  readonly body: ReadableStream<Uint8Array> | undefined
  private readonly port: Port

  /** @param weight what the input takes in memory, bytes */
  constructor(
    private readonly host: IncomingCallHost,
    readonly stream: number,
    readonly head: RequestHead,
    readonly input: unknown,
    readonly weight: number,
    readonly requestId: string,
  ) {
    this.port = host.port
    if (!head.body) return
    this.upload = new IncomingStream(host.port, stream, () => {}, joinChunks, host.port.arrived)
    this.body = readableFrom(this.upload, () => this.refuseUpload())
  }

  get signal(): AbortSignal {
    this.abortion ??= new AbortSwitch()
    return this.abortion.signal
  }

  get isAborted(): boolean {
    return this.abortion?.isAborted ?? false
  }

  /** Runs the handler and sends what it answers. */
  serve(): void {
    void this.host.dispatch(this).then((answer) => this.answer(answer))
  }

  private answer(answer: Answer): void {
    this.host.answered(this)
    if (this.over) {
      // The asker left while the handler ran: what it opened is closed again.
      if (answer.kind === 'stream') answer.source.cancel(this.signal.reason)
      if (answer.kind === 'media')
        answer.ended?.(new NanopeerError('ABORTED', 'The asker aborted the request.'))
      return
    }
    if (answer.kind === 'media') void this.sendMedia(answer)
    else this.send(answer)
  }

  /** One frame of this stream. `whole`: its payload, fragments put together. */
  receive(type: FrameType, whole: Uint8Array): void {
    switch (type) {
      case FrameType.Data:
        // An empty one says nothing, and would cost us an entry.
        if (whole.length > 0) this.expectUpload().add(compact(whole), whole.length)
        return
      case FrameType.End:
        return this.expectUpload().finish(null)
      case FrameType.Fail:
        // The asker's own source failed; it knows why, the handler only that nothing more will come.
        return this.expectUpload().finish(new NanopeerError('ABORTED', "The asker's upload broke off."))
      case FrameType.Credit:
        return this.outgoing?.grant(decodeVarint(whole))
      case FrameType.Cancel:
        return this.abort(new NanopeerError('ABORTED', 'The asker aborted the request.'))
      default:
        throw new NanopeerError('PROTOCOL', 'The remote sent a frame that does not belong into a request.')
    }
  }

  wake(): void {
    this.outgoing?.wake()
  }

  /** The asker is gone, or wants no more. */
  abort(error: NanopeerError): void {
    if (this.over) return
    this.port.withdraw(this.stream)
    this.outgoing?.abort(error)
    this.finish(error)
    this.abortion ??= new AbortSwitch()
    this.abortion.abort(error)
  }

  private async sendMedia(answer: MediaAnswer): Promise<void> {
    const { stream, options } = answer
    this.mediaAnswer = answer
    try {
      const media = await this.host.media.load()
      if (this.over) return
      this.media = media.send(this.stream, stream, options, {
        ended: (error) => this.mediaEnded(error),
      })
    } catch (error) {
      this.mediaEnded(
        new NanopeerError('HANDLER_FAILED', 'The device could not send its audio and video.'),
        error,
      )
    }
  }

  private mediaEnded(error: NanopeerError | null, cause?: unknown): void {
    if (this.over) return
    if (cause !== undefined) this.host.media.report(cause)
    this.media?.stop()
    if (error) this.sendLast(FrameType.Fail, encodeFailure(error), error)
    else this.sendLast(FrameType.End, noPayload, null)
  }

  private send(answer: Exclude<Answer, MediaAnswer>): void {
    if (answer.kind === 'failure') {
      return this.sendLast(FrameType.Fail, encodeFailure(answer.error), answer.error)
    }
    if (answer.kind === 'value') return this.sendLast(FrameType.Answer, answer.payload, null)
    const { head, source } = answer
    const payload = head ? encodeBytesHead(head) : noPayload
    this.port.push({ type: FrameType.Head, stream: this.stream, payload })
    this.outgoing = new OutgoingStream(
      this.port,
      this.stream,
      head ? FrameType.Data : FrameType.Item,
      source,
      {
        progress: () => {},
        finished: () => this.finish(null),
      },
    )
    this.outgoing.wake()
  }

  /** It counts as under way until it is written: a remote that does not read cannot ask for ever more. */
  private sendLast(type: FrameType, payload: Uint8Array, error: RequestError | null): void {
    this.discardUpload(error)
    if (!this.host.answers.take(payload.length)) {
      const message = 'The answers before this one have not been read; read them, and ask again.'
      error = new NanopeerError('OVERLOADED', message)
      type = FrameType.Fail
      payload = encodeFailure(error)
    } else this.queued = payload.length
    sendValue(this.port, type, this.stream, payload, () => this.finish(error))
  }

  /** The handler wants no more of the upload, and goes on. */
  private refuseUpload(): void {
    if (this.over) return
    this.upload?.discard()
    this.port.push({ type: FrameType.Cancel, stream: this.stream, payload: noPayload })
  }

  private expectUpload(): IncomingStream<Uint8Array> {
    if (!this.upload)
      throw new NanopeerError('PROTOCOL', 'The remote sent an upload that it had not announced.')
    return this.upload
  }

  private discardUpload(error: RequestError | null): void {
    this.upload?.discard(
      error ?? new NanopeerError('ABORTED', 'The request was answered; its upload is closed.'),
    )
  }

  private finish(error: RequestError | null): void {
    if (this.over) return
    this.over = true
    this.media?.stop()
    this.mediaAnswer?.ended?.(error)
    this.host.answers.give(this.queued)
    this.discardUpload(error)
    this.host.forget(this)
  }
}
