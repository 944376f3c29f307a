import type { ActionKind } from '../../base/action'
import { sizeOfBody } from '../../base/body'
import { NanopeerError, type RequestError } from '../../base/errors'
import type { Exchange, OutgoingRequest, OutgoingRequestEvents } from '../../engine'
import type { Unread } from '../session/unread'
import { decodeFailure } from '../wire/failure'
import { compact, FrameType, noPayload } from '../wire/frame'
import { itemOverhead } from '../wire/limits'
import { encodeHead } from '../wire/request-head'
import { decodeVarint } from '../wire/varint'
import { bodySource, type Source } from './byte-source'
import { decodeBytesHead, readableFrom, responseOf } from './bytes'
import { joinChunks } from './chunks'
import { arrivedEvent, iterableFrom } from './event-stream'
import { IncomingStream } from './incoming-stream'
import type { LateMedia } from './late-media'
import type { Watch } from './media'
import { OutgoingStream } from './outgoing-stream'
import { type Port, sendValue } from './port'
import type { ReadValue } from './read-value'
import { validated } from './validated'

/** What a call needs of all the others. */
export interface OutgoingCallHost {
  readonly port: Port
  readonly media: LateMedia
  readonly read: ReadValue
  /** Done on the wire. */
  forget(call: OutgoingCall): void
}

/** The asker's side of one stream. */
export class OutgoingCall implements Exchange {
  /** Settles exactly once: with the value, the `Response`, the iterable, or the error. */
  readonly answer: Promise<unknown>
  private resolve!: (answer: unknown) => void
  private reject!: (error: RequestError) => void
  private answering = false
  private over = false
  private finished = false
  private failure: RequestError | null = null
  private readonly body: Source | null
  private upload: OutgoingStream | null = null
  private incoming: IncomingStream<unknown> | null = null
  private watch: Watch | null = null
  /** Grows whenever the stream moves; an idle timeout that finds it unchanged strikes. */
  private moves = 0
  private stopIdle: (() => void) | null = null
  private readonly port: Port

  constructor(
    private readonly host: OutgoingCallHost,
    readonly stream: number,
    private readonly request: OutgoingRequest,
    private readonly events: OutgoingRequestEvents,
  ) {
    this.port = host.port
    this.answer = new Promise((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
    this.body = request.body && bodySource(request.body)
    const body = request.body && { size: sizeOfBody(request.body) }
    const { action, kind, requestId } = request
    const head = encodeHead({ action, kind, body, requestId })
    if (kind === 'media') void this.sendWithMedia(head)
    else this.send(head)
  }

  private send(head: Uint8Array): void {
    const { port, stream, request } = this
    sendValue(port, FrameType.Request, stream, request.input, () => this.begin(), head)
  }

  /** What the answer arrives by is there before the device can say anything. */
  private async sendWithMedia(head: Uint8Array): Promise<void> {
    try {
      const media = await this.host.media.load()
      if (this.over) return
      this.watch = media.watch(this.stream, { began: (stream) => this.begunMedia(stream) })
      this.send(head)
    } catch (error) {
      this.fail(error as NanopeerError)
    }
  }

  private begunMedia(stream: MediaStream): void {
    this.answers(null)
    // Whoever heard of it may have cancelled.
    if (!this.over) this.resolve(stream)
  }

  /** The link opened: an upload may go on, and what was away starts its idle time anew. */
  wake(): void {
    this.moves++
    this.upload?.wake()
  }

  /** One frame of this stream. `whole`: its payload, fragments put together. */
  receive(type: FrameType, whole: Uint8Array): Unread {
    this.moves++
    if (type === FrameType.Answer) return this.answered(whole)
    if (type === FrameType.Item) return this.item(whole)
    this.hear(type, whole)
    return null
  }

  /** What is read in one turn, as everything but values. */
  private hear(type: FrameType, whole: Uint8Array): void {
    switch (type) {
      case FrameType.Head:
        return this.begun(whole)
      case FrameType.Data:
        // An empty one says nothing, and would cost us an entry.
        if (whole.length > 0) this.opened('bytes').add(compact(whole), whole.length)
        return
      case FrameType.End:
        if (this.request.kind === 'media') return this.endedMedia()
        this.opened(this.request.kind).finish(null)
        return this.close()
      case FrameType.Fail:
        return this.fail(decodeFailure(whole))
      case FrameType.Credit:
        return this.upload?.grant(decodeVarint(whole))
      case FrameType.Cancel:
        return this.upload?.abort(new NanopeerError('ABORTED', 'The device wants no more of the upload.'))
      default:
        throw new NanopeerError('PROTOCOL', 'The remote sent a frame that does not belong into an answer.')
    }
  }

  /** The asker gives up: the device hears of it, the reader gets `error` at once. */
  cancel(error: NanopeerError): void {
    if (this.over) {
      // All has arrived, and only the reader still had to come: it must not take what it got for the whole.
      this.incoming?.discard(error)
      this.failure ??= error
      return this.finish()
    }
    this.port.withdraw(this.stream)
    this.port.push({ type: FrameType.Cancel, stream: this.stream, payload: noPayload })
    this.incoming?.discard(error)
    this.fail(error)
    this.finish()
  }

  /** Ends here, without a word to the device. What arrived before is still readable. */
  fail(error: RequestError): void {
    if (this.over) return
    this.failure = error
    this.incoming?.finish(error)
    this.close(error)
    this.reject(error)
    if (!this.incoming) this.finish()
  }

  private begin(): void {
    this.events.written()
    const { body } = this
    if (!body || this.over) return
    const source: Source = {
      next: () =>
        body.next().catch((error: NanopeerError) => {
          // Ours to tell: the device could only say that its handler was left without the rest. What it has answered without
          // the rest is whole.
          if (!this.over) this.cancel(error)
          throw error
        }),
      cancel: (reason) => body.cancel(reason),
    }
    this.upload = new OutgoingStream(this.port, this.stream, FrameType.Data, source, {
      progress: (bytes) => {
        this.moves++
        this.events.uploaded(bytes)
      },
      finished: () => {},
    })
    this.upload.wake()
  }

  private answered(payload: Uint8Array): Unread {
    if (this.request.kind !== 'value' || this.answering) {
      throw new NanopeerError('PROTOCOL', 'The remote sent a value where none belongs.')
    }
    return this.host.read(payload, ({ value }) => {
      if (!this.over) this.answers(null)
      // Whoever heard of it may have cancelled.
      if (this.over) return
      this.resolve(validated(this.request, value))
      this.close()
      this.finish()
    })
  }

  private item(payload: Uint8Array): Unread {
    const incoming = this.opened('events')
    return this.host.read(payload, (event) =>
      incoming.add(arrivedEvent(event, payload), payload.length + itemOverhead, true),
    )
  }

  private endedMedia(): void {
    const message = 'The device ended its audio and video before the first track.'
    if (!this.answering) return this.fail(new NanopeerError('ABORTED', message))
    this.close()
    this.finish()
  }

  private begun(payload: Uint8Array): void {
    const { kind } = this.request
    if (kind === 'value' || kind === 'media' || this.answering) {
      throw new NanopeerError('PROTOCOL', 'The remote began a stream where none belongs.')
    }
    const cancel = (): void =>
      this.cancel(new NanopeerError('ABORTED', 'The reader wants no more of the answer.'))
    const read = (bytes: number, finished: boolean): void => {
      this.moves++
      this.events.downloaded(bytes)
      if (finished) this.finish()
    }
    if (this.request.kind === 'bytes') {
      const head = decodeBytesHead(payload)
      const incoming = new IncomingStream<Uint8Array>(this.port, this.stream, read, joinChunks)
      this.incoming = incoming as IncomingStream<unknown>
      this.answers(head.length)
      this.resolve(responseOf(head, readableFrom(incoming, cancel, head.length)))
      if (!this.over) this.watchIdle()
    } else {
      this.incoming = new IncomingStream<unknown>(this.port, this.stream, read)
      this.answers(null)
      const decode = (value: unknown) => validated(this.request, value)
      this.resolve(iterableFrom(this.incoming, this.port.clock, decode, cancel))
    }
  }

  private answers(total: number | null): void {
    this.answering = true
    this.events.answering(total)
  }

  private opened(kind: ActionKind): IncomingStream<unknown> {
    if (!this.incoming || this.request.kind !== kind) {
      throw new NanopeerError('PROTOCOL', 'The remote sent part of a stream that it had not begun.')
    }
    return this.incoming
  }

  /**
   * A reader that waits, while the link is up and nothing comes, has been forgotten by the device. Events are
   * exempt: a log may be quiet for hours, and the connection has its own liveness.
   */
  private watchIdle(): void {
    const { idleTimeout } = this.request
    if (idleTimeout === 0) return
    const before = this.moves
    this.stopIdle = this.port.clock.after(idleTimeout, () => {
      const isStuck = this.moves === before && this.incoming?.isAwaited && this.port.isAttached
      if (!isStuck) return this.watchIdle()
      this.cancel(
        new NanopeerError('TIMEOUT', `The device sent nothing of its answer for ${idleTimeout} ms.`),
      )
    })
  }

  /** Done on the wire. */
  private close(error?: RequestError): void {
    this.over = true
    this.watch?.stop()
    this.stopIdle?.()
    // An error is made only where there is somebody to tell: its stack costs more than the rest of a request.
    if (this.body) this.stopUpload(error ?? answeredEarly())
    this.host.forget(this)
    this.events.closed()
  }

  private stopUpload(reason: RequestError): void {
    if (this.upload) this.upload.abort(reason)
    else this.body?.cancel(reason)
  }

  private finish(): void {
    if (this.finished) return
    this.finished = true
    this.events.finished(this.failure)
  }
}

const answeredEarly = () =>
  new NanopeerError('ABORTED', 'The device answered without reading the whole upload.')
