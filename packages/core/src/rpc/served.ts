import { NanopeerError, type RequestError } from '../errors'
import { encodeFailure } from '../wire/failure'
import { FrameType, noPayload } from '../wire/frame'
import type { RequestHead } from '../wire/request-head'
import { decodeVarint } from '../wire/varint'
import { encodeBytesHead, readableFrom } from './bytes'
import type { Answer, Dispatch, Incoming } from './dispatch'
import { Inbox } from './inbox'
import { type Port, sendValue } from './port'
import { StreamSender } from './sender'

/** The device's side of one stream: one run of a handler. */
export class ServedExchange implements Incoming {
  private readonly controller = new AbortController()
  private upload: Inbox<Uint8Array> | null = null
  private sender: StreamSender | null = null
  private over = false
  readonly body: ReadableStream<Uint8Array> | undefined

  constructor(
    private readonly port: Port,
    private readonly stream: number,
    readonly head: RequestHead,
    readonly input: unknown,
    readonly requestId: string,
    private readonly forget: () => void,
  ) {
    if (!head.body) return
    this.upload = new Inbox(port, stream, () => {})
    this.body = readableFrom(this.upload, () => this.refuseUpload())
  }

  get signal(): AbortSignal {
    return this.controller.signal
  }

  /** Runs the handler and sends what it answers. Never rejects. */
  async serve(dispatch: Dispatch): Promise<void> {
    const answer = await dispatch(this)
    if (this.over) {
      // The asker left while the handler ran: what it opened is closed again.
      if (answer.kind === 'stream') answer.source.cancel(this.signal.reason)
      return
    }
    this.send(answer)
  }

  /** One frame of this stream. `whole`: its payload, fragments put together. */
  receive(type: FrameType, whole: Uint8Array): void {
    switch (type) {
      case FrameType.Data:
        return this.expectUpload().add(whole, whole.length)
      case FrameType.End:
        return this.expectUpload().finish(null)
      case FrameType.Fail:
        // The asker's own source failed; it knows why, the handler only that nothing more will come.
        return this.expectUpload().finish(new NanopeerError('ABORTED', "The asker's upload broke off."))
      case FrameType.Credit:
        return this.sender?.grant(decodeVarint(whole))
      case FrameType.Cancel:
        return this.abort(new NanopeerError('ABORTED', 'The asker aborted the request.'))
      default:
        throw new NanopeerError('PROTOCOL', 'The remote sent a frame that does not belong into a request.')
    }
  }

  wake(): void {
    this.sender?.wake()
  }

  /** The asker is gone, or wants no more. */
  abort(error: NanopeerError): void {
    if (this.over) return
    this.port.withdraw(this.stream)
    this.sender?.stop(error)
    this.finish(error)
  }

  private send(answer: Answer): void {
    if (answer.kind === 'failure') {
      sendValue(this.port, FrameType.Fail, this.stream, encodeFailure(answer.error))
      return this.finish(answer.error)
    }
    if (answer.kind === 'value') {
      sendValue(this.port, FrameType.Answer, this.stream, answer.payload)
      return this.finish(null)
    }
    const { head, source } = answer
    const payload = head ? encodeBytesHead(head) : noPayload
    this.port.push({ type: FrameType.Head, stream: this.stream, payload })
    this.sender = new StreamSender(this.port, this.stream, head ? FrameType.Data : FrameType.Item, source, {
      progress: () => {},
      finished: () => this.finish(null),
    })
    this.sender.wake()
  }

  /** The handler wants no more of the upload, and goes on. */
  private refuseUpload(): void {
    if (this.over) return
    this.upload?.discard()
    this.port.push({ type: FrameType.Cancel, stream: this.stream, payload: noPayload })
  }

  private expectUpload(): Inbox<Uint8Array> {
    if (!this.upload)
      throw new NanopeerError('PROTOCOL', 'The remote sent an upload that it had not announced.')
    return this.upload
  }

  private finish(error: RequestError | null): void {
    if (this.over) return
    this.over = true
    this.upload?.discard(
      error ?? new NanopeerError('ABORTED', 'The request was answered; its upload is closed.'),
    )
    this.forget()
    if (error) this.controller.abort(error)
  }
}
