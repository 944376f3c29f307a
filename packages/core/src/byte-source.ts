import { NanopeerError } from './errors'

/** Where a stream's payloads come from. */
export interface Source {
  /** The next payload; null at the end. Rejects with what goes over the wire. */
  next(): Promise<Uint8Array | null>
  /** Nobody wants the rest. */
  cancel(reason: unknown): void
}

/** What the head of a bytes answer says of the body; the same words as the HTTP headers. */
export interface BytesHead {
  readonly type: string | null
  readonly length: number | null
}

/** Bytes in pieces, made while they are read. */
export type ByteSeries = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>

export const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof (value as AsyncIterable<unknown> | null)?.[Symbol.asyncIterator] === 'function'

const lengthOf = (headers: Headers): number | null => {
  const text = headers.get('content-length')
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null
}

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

/** A stream's bytes as a source. Chunks that are no bytes reject with `code`. */
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
