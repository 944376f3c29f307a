import type { BytesOutput } from '../../action'
import { decodeValue, encodeValue } from '../../codec/values'
import { NanopeerError } from '../../errors'
import { passiveType } from './content-type'
import { isAsyncIterable } from './event-stream'
import type { IncomingStream } from './incoming-stream'
import type { Source } from './outgoing-stream'

/** What the head of a bytes answer says of the body; the same words as the HTTP headers. */
export interface BytesHead {
  readonly type: string | null
  readonly length: number | null
}

/** A longer content type is none. */
const maxTypeLength = 1024

export const encodeBytesHead = ({ type, length }: BytesHead): Uint8Array =>
  encodeValue([type !== null && type.length > maxTypeLength ? null : type, length], 'INVALID_OUTPUT')

/** @throws `NanopeerError` `PROTOCOL` for anything that is not one. */
export const decodeBytesHead = (payload: Uint8Array): BytesHead => {
  const fields = decodeValue(payload)
  const [type, length] = Array.isArray(fields) ? (fields as unknown[]) : []
  const valid =
    (type === null || (typeof type === 'string' && type.length <= maxTypeLength)) &&
    (length === null || (Number.isSafeInteger(length) && (length as number) >= 0))
  if (!valid) throw new NanopeerError('PROTOCOL', 'The remote sent the head of an answer that is not one.')
  return { type: type as string | null, length: length as number | null }
}

const lengthOf = (headers: Headers): number | null => {
  const text = headers.get('content-length')
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null
}

/** Bytes in pieces, made while they are read. */
type ByteSeries = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>

/** Takes apart whatever a bytes handler returned, or an asker uploads. Null for anything else. */
export const openBytes = (output: unknown): { head: BytesHead; body: ByteSeries } | null => {
  if (output instanceof Response) {
    const head = { type: output.headers.get('content-type'), length: lengthOf(output.headers) }
    return { head, body: output.body ?? emptyStream() }
  }
  if (output instanceof Blob) {
    return { head: { type: output.type || null, length: output.size }, body: output.stream() }
  }
  if (output instanceof Uint8Array) {
    return { head: { type: null, length: output.length }, body: streamOf(output) }
  }
  if (output instanceof ReadableStream || isAsyncIterable(output)) {
    return { head: { type: null, length: null }, body: output as ByteSeries }
  }
  return null
}

const streamOf = (bytes: Uint8Array): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      if (bytes.length > 0) controller.enqueue(bytes)
      controller.close()
    },
  })

const emptyStream = () => streamOf(new Uint8Array(0))

/** True for what can be nothing but bytes; an iterable may also be a series of values. */
export const isBytes = (value: unknown): value is BytesOutput =>
  value instanceof Response ||
  value instanceof Blob ||
  value instanceof ReadableStream ||
  value instanceof Uint8Array

/** The part of a stream's reader that is needed here, for an iterable, too: a generator, a Node stream. */
const readerOf = (body: ByteSeries): Pick<ReadableStreamDefaultReader<Uint8Array>, 'read' | 'cancel'> => {
  if (body instanceof ReadableStream) return body.getReader()
  const iterator = body[Symbol.asyncIterator]()
  return {
    // Async, because an iterator of whatever kind may throw at once.
    async read() {
      const { done, value } = await iterator.next()
      return done ? { done: true, value: undefined } : { done: false, value }
    },
    async cancel(reason) {
      await iterator.return?.(reason)
    },
  }
}

/** A stream's bytes as a sender's source. Chunks that are no bytes reject with `code`. */
export const bytesSource = (
  body: ByteSeries,
  code: 'INVALID_INPUT' | 'INVALID_OUTPUT',
  translate: (error: unknown) => Error,
): Source => {
  const reader = readerOf(body)
  return {
    async next() {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw translate(error)
      })
      if (done) return null
      if (value instanceof Uint8Array) return value
      reader.cancel().catch(() => {}) // The source failed us already; how it ends is no news.
      throw new NanopeerError(code, 'A byte stream gave a chunk that is no Uint8Array.')
    },
    cancel(reason) {
      // A source that throws while it is being cancelled has nobody left to tell.
      reader.cancel(reason).catch(() => {})
    },
  }
}

/**
 * What has arrived, as a stream that is delivered as it arrives and grants the sender more as it is read.
 *
 * @param length how many bytes the sender has promised; null where it has not. Any other number is an error, as in HTTP.
 */
export const readableFrom = (
  inbox: IncomingStream<Uint8Array>,
  cancel: (reason: unknown) => void,
  length: number | null = null,
): ReadableStream<Uint8Array> => {
  let taken = 0
  const check = (isOver: boolean) => {
    if (length === null || (isOver ? taken === length : taken <= length)) return
    const said = `The remote said that there are ${length} bytes, and sent ${isOver ? taken : 'more'}.`
    const error = new NanopeerError('PROTOCOL', said)
    if (!isOver) cancel(error)
    throw error
  }
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const chunk = await inbox.take()
        taken += chunk?.length ?? 0
        check(chunk === null)
        if (chunk === null) controller.close()
        else controller.enqueue(chunk)
      },
      cancel,
    },
    // Nothing is taken before somebody reads: the reader alone sets the pace.
    { highWaterMark: 0 },
  )
}

/** Where a type that was replaced is told. */
const saidTypeHeader = 'nanopeer-content-type'

/** The standard answer to a bytes action. Its type is one that no browser runs; `nanopeer-content-type` has any other. */
export const responseOf = (head: BytesHead, body: ReadableStream<Uint8Array>): Response => {
  const headers = new Headers()
  if (head.length !== null) headers.set('content-length', String(head.length))
  try {
    const type = passiveType(head.type)
    headers.set('content-type', type)
    if (head.type !== null && head.type !== type) headers.set(saidTypeHeader, head.type)
  } catch (error) {
    throw new NanopeerError('PROTOCOL', 'The remote sent a content type that is not one.', { cause: error })
  }
  return new Response(body, { headers })
}
