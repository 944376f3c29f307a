import { cancelBody } from '../../base/body'
import type { Clock } from '../../base/clock'
import { ActionError, NanopeerError, type RequestError } from '../../base/errors'
import type { Limits } from '../../base/types'
import { bytesOf } from '../../codec/binarypack'
import type { OutgoingRequest, OutgoingRequestEvents } from '../../engine'
import { readableFrom, responseOf } from '../rpc/bytes'
import { validated } from '../rpc/validated'
import type { ReceiveBudget } from '../rpc/window'
import { unreadable } from '../wire/failure'
import { messageOverhead } from '../wire/limits'
import { type Envelope, type Part, partOf, replyOf } from './envelope'
import { IncomingSeries } from './incoming-series'

const octets = 'application/octet-stream'

/** What a request needs of its conversation. */
export interface OutgoingEnvelopeHost {
  readonly clock: Clock
  readonly limits: Limits
  readonly budget: ReceiveBudget
  /** Nothing more is to come for this request. */
  forget(): void
}

/** The asker's side of one envelope. */
export class OutgoingEnvelope {
  /** Settles exactly once: with the value, the bytes, or the error. */
  readonly answer: Promise<unknown>
  private resolve!: (answer: unknown) => void
  private reject!: (error: RequestError) => void
  private series: IncomingSeries | null = null
  /** What overtook the part that opens the series. */
  private early: Uint8Array[] | null = []
  private earlyBytes = 0
  private ended = false
  private over = false
  private finished = false
  private failure: RequestError | null = null
  private moves = 0
  private stopIdle: (() => void) | null = null

  constructor(
    private readonly request: OutgoingRequest,
    private readonly events: OutgoingRequestEvents,
    private readonly host: OutgoingEnvelopeHost,
  ) {
    this.answer = new Promise((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
  }

  /** The device's answer, or a part of it. A second answer changes nothing. */
  receive(envelope: Envelope): void {
    if (this.over) return
    this.moves++
    try {
      this.receiveAnswer(envelope)
    } catch (error) {
      this.cancel(unreadable(error))
    }
  }

  /** The asker gives up. An envelope has no way to tell the device. */
  cancel(error: NanopeerError): void {
    this.series?.discard(error)
    this.fail(error)
    this.failure ??= error
    this.finish()
  }

  /** Ends here. What arrived before is still readable. */
  fail(error: RequestError): void {
    if (this.over) return
    this.failure = error
    this.series?.finish(error)
    this.close(error)
    this.reject(error)
    if (!this.series) this.finish()
  }

  private receiveAnswer(envelope: Envelope): void {
    const part = partOf(envelope)
    if (part) return this.receivePart(part)
    const { code, data, message } = replyOf(envelope)
    if (code === null) return this.fail(new NanopeerError('PROTOCOL', 'The device answered without a code.'))
    if (code !== 200) return this.fail(new ActionError(code, message, data ?? undefined))
    // A device whose handler returns behind its series says so with one more answer.
    if (!this.series) this.receiveValue(data)
  }

  private receiveValue(data: unknown): void {
    const { kind, action } = this.request
    if (kind === 'value') {
      this.events.answering(null)
      // Whoever heard of it may have cancelled.
      if (this.over) return
      this.resolve(validated(this.request, data))
      this.close()
      this.finish()
      return
    }
    const bytes = bytesOf(data)
    if (!bytes) {
      const message = `The device answered ${JSON.stringify(action)} with a value, not with bytes.`
      return this.fail(new NanopeerError('INVALID_OUTPUT', message))
    }
    this.begin(bytes.length).add(bytes)
    this.end()
  }

  private receivePart({ type, chunk }: Part): void {
    const series = this.series ?? this.begin(null)
    if (type === 'end') this.ended = true
    else if (this.early === null) series.add(chunk)
    else if (type === 'chunk') this.keepEarly(this.early, chunk)
    else {
      for (const bytes of [chunk, ...this.early]) series.add(bytes)
      this.early = null
      this.earlyBytes = 0
    }
    if (this.ended && this.early === null) this.end()
  }

  private keepEarly(early: Uint8Array[], chunk: Uint8Array): void {
    early.push(chunk)
    this.earlyBytes += chunk.length + messageOverhead
    if (this.earlyBytes <= this.host.limits.messageSize) return
    throw new NanopeerError('PROTOCOL', 'The device sent bytes of a series that it has not opened.')
  }

  /** The first of the answer is here. */
  private begin(length: number | null): IncomingSeries {
    this.events.answering(length)
    const series = new IncomingSeries(this.host.budget, (bytes, finished) => {
      this.moves++
      this.events.downloaded(bytes)
      if (finished) this.finish()
    })
    this.series = series
    const cancel = () => this.cancel(new NanopeerError('ABORTED', 'The reader wants no more of the answer.'))
    const body = readableFrom(series, cancel)
    this.resolve(this.request.kind === 'bytes' ? responseOf({ type: octets, length }, body) : body)
    if (!this.over) this.watchIdle()
    return series
  }

  private end(): void {
    this.series?.finish(null)
    this.close()
  }

  /** A reader that waits while nothing comes has been forgotten by the device. */
  private watchIdle(): void {
    const { idleTimeout } = this.request
    if (idleTimeout === 0) return
    const before = this.moves
    this.stopIdle = this.host.clock.after(idleTimeout, () => {
      if (this.moves !== before || !this.series?.isAwaited) return this.watchIdle()
      const message = `The device sent nothing of its answer for ${idleTimeout} ms.`
      this.cancel(new NanopeerError('TIMEOUT', message))
    })
  }

  /** Nothing more will arrive. */
  private close(error?: RequestError): void {
    this.over = true
    this.stopIdle?.()
    this.early = []
    this.earlyBytes = 0
    if (error && this.request.body) cancelBody(this.request.body, error)
    this.host.forget()
    this.events.closed()
  }

  private finish(): void {
    if (this.finished) return
    this.finished = true
    this.events.finished(this.failure)
  }
}
