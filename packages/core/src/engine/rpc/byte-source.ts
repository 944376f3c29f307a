import {
  endIterable,
  hearFailure,
  isAsyncIterable,
  isBlob,
  isByteArray,
  isResponse,
  isStream,
} from '../../base/body'
import { NanopeerError } from '../../base/errors'
import type { LatestItems } from '../../base/latest-items'
import type { Body } from '../../base/types'

/** Where a stream's payloads come from. */
export interface Source {
  /** The next payload; null at the end. Rejects with what goes over the wire. */
  next(): Promise<Uint8Array | null>
  /** Nobody wants the rest. */
  cancel(reason: unknown): void
  /** There where items are taken from here instead, each in the turn in which it is written. */
  readonly latest?: LatestItems
}

/** What the head of a bytes answer says of the body; the same words as the HTTP headers. */
export interface BytesHead {
  readonly type: string | null
  readonly length: number | null
}

/** Bytes in pieces, made while they are read. */
export type ByteSeries = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>

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
    return { head: { type: output.type || null, length: output.size }, body: blobStream(output) }
  }
  if (isByteArray(output)) {
    return { head: { type: null, length: output.length }, body: streamOf(output) }
  }
  if (isStream(output) || isAsyncIterable(output)) {
    return { head: { type: null, length: null }, body: output as ByteSeries }
  }
  return null
}

/** How much of a blob is read at once where it has no `stream()`, bytes. */
const partLength = 262_144

/** A blob without `stream()` is one of jsdom's, which can only be read by its `FileReader`. */
const blobStream = (blob: Blob): ByteSeries =>
  typeof blob.stream === 'function' ? blob.stream() : partsOf(blob)

async function* partsOf(blob: Blob): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < blob.size; start += partLength) {
    yield new Uint8Array(await readPart(blob.slice(start, start + partLength)))
  }
}

const readPart = (part: Blob): Promise<ArrayBuffer> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(reader.result as ArrayBuffer)
    reader.onerror = () => reject(reader.error)
    reader.readAsArrayBuffer(part)
  })

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
  hearFailure(body)
  const iterator = body[Symbol.asyncIterator]()
  return {
    // Async, because an iterator of whatever kind may throw at once.
    async read() {
      const { done, value } = await iterator.next()
      return done ? { done: true, value: undefined } : { done: false, value }
    },
    async cancel(reason) {
      await endIterable(body, iterator, reason)
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

/**
 * What an asker uploads, as a source. What it fails with is the asker's own.
 *
 * @throws `NanopeerError` `INVALID_INPUT` for a stream that somebody else reads.
 */
export const bodySource = (body: Body): Source => {
  const failed = (cause: unknown): NanopeerError => {
    // Such as a file that was changed or removed after it was chosen.
    const reason = cause instanceof Error ? cause.message : String(cause)
    return new NanopeerError('INVALID_INPUT', `The upload's source failed: ${reason}`, { cause })
  }
  try {
    const { body: series } = openBytes(body) as { body: ByteSeries }
    return bytesSource(series, 'INVALID_INPUT', failed)
  } catch (error) {
    throw failed(error)
  }
}
