import { NanopeerError } from './errors'
import type { Body } from './types'

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
const isTaggedBlob = isTagged<Blob>('Blob', 'File')
/** happy-dom's have no tag, and are what is global there. */
export const isBlob = (value: unknown): value is Blob =>
  isTaggedBlob(value) || (typeof Blob !== 'undefined' && value instanceof Blob)
export const isStream = isTagged<ReadableStream<Uint8Array>>('ReadableStream')
export const isByteArray = (value: unknown): value is Uint8Array =>
  ArrayBuffer.isView(value) && isTagged('Uint8Array')(value)
/** By what it can do: a stand-in for tests is one, too. */
export const isMediaStream = (value: unknown): value is MediaStream =>
  ['getTracks', 'addTrack', 'addEventListener'].every(
    (name) => typeof (value as Record<string, unknown> | null)?.[name] === 'function',
  )

/** @throws `NanopeerError` `INVALID_INPUT` for what cannot be uploaded, or not as often as it may have to be. */
export const checkBody = (body: Body, retry: boolean): void => {
  if (isBlob(body) || isByteArray(body)) return
  if (!isStream(body) && !isAsyncIterable(body)) {
    const message = 'A body must be a Blob, File, ReadableStream, async iterable or Uint8Array.'
    throw new NanopeerError('INVALID_INPUT', message)
  }
  if (!retry) return
  const message = 'A stream can be sent only once: give a Blob or Uint8Array, or leave out `retry`.'
  throw new NanopeerError('INVALID_INPUT', message)
}

/** Bytes; null where nobody knows yet. */
export const sizeOfBody = (body: Body): number | null =>
  isBlob(body) ? body.size : isByteArray(body) ? body.length : null

/** A Node stream is closed by nothing else while its iterator has not begun; and it throws its error where nobody listens. */
interface NodeStream {
  readonly pipe: unknown
  on(type: 'error', heard: () => void): void
  destroy(): void
}

const isNodeStream = (value: unknown): value is NodeStream =>
  ['pipe', 'on', 'destroy'].every(
    (name) => typeof (value as Record<string, unknown> | null)?.[name] === 'function',
  )

/** Keeps a Node stream that fails before it is read from ending the process: whoever reads it is told all the same. */
export const hearFailure = (body: unknown): void => {
  if (isNodeStream(body)) body.on('error', () => {})
}

/** Ends an iterable of which nobody wants the rest, whether or not it has begun. */
export const endIterable = async (
  iterable: AsyncIterable<unknown>,
  iterator: AsyncIterator<unknown>,
  reason: unknown,
): Promise<void> => {
  const returned = iterator.return?.(reason)
  // A generator's return waits for a read that is under way; this ends it.
  if (isNodeStream(iterable)) iterable.destroy()
  await returned
}

/** Nobody wants it any more, and nobody has read of it. What throws while it is being cancelled has nobody to tell. */
export const cancelBody = (body: Body, reason: unknown): void => {
  const cancelled = async () => {
    if (isStream(body)) await body.cancel(reason)
    else if (isAsyncIterable(body)) await endIterable(body, body[Symbol.asyncIterator](), reason)
  }
  if (!isBlob(body)) cancelled().catch(() => {})
}
