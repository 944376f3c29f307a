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

/** By its tag, and not by `instanceof`: what an iframe or jsdom made is as good as our own. */
const isTagged =
  <Value>(...tags: readonly string[]) =>
  (value: unknown): value is Value =>
    typeof value === 'object' &&
    value !== null &&
    tags.includes(Object.prototype.toString.call(value).slice(8, -1))

export const isResponse = isTagged<Response>('Response')
export const isBlob = isTagged<Blob>('Blob', 'File')
export const isStream = isTagged<ReadableStream<Uint8Array>>('ReadableStream')
export const isByteArray = (value: unknown): value is Uint8Array =>
  ArrayBuffer.isView(value) && isTagged('Uint8Array')(value)

/** Unknown where the body is decoded on its way: the header counts the bytes before that. */
const lengthOf = (headers: Headers): number | null => {
  if ((headers.get('content-encoding') ?? 'identity') !== 'identity') return null
  const text = headers.get('content-length')
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null
}

/** Takes apart whatever a bytes handler returned, or an asker uploads. Null for anything else. */
export const openBytes = (output: unknown): { head: BytesHead; body: ByteSeries } | null => {
  if (isResponse(output)) {
    const head = { type: output.headers.get('content-type'), length: lengthOf(output.headers) }
    return { head, body: output.body ?? emptyStream() }
  }
  if (isBlob(output)) {
    return { head: { type: output.type || null, length: output.size }, body: output.stream() }
  }
  if (isByteArray(output)) {
    return { head: { type: null, length: output.length }, body: streamOf(output) }
  }
  if (isStream(output) || isAsyncIterable(output)) {
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
  if (isStream(body)) return body.getReader()
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
      // Bytes of another realm are bytes, too.
      if (isByteArray(value)) return value instanceof Uint8Array ? value : new Uint8Array(value)
      reader.cancel().catch(() => {}) // The source failed us already; how it ends is no news.
      throw new NanopeerError(code, 'A byte stream gave a chunk that is no Uint8Array.')
    },
    cancel(reason) {
      // A source that throws while it is being cancelled has nobody left to tell.
      reader.cancel(reason).catch(() => {})
    },
  }
}
