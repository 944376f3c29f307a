import type { BytesOutput } from '../../base/action'
import { createAnswer } from '../../base/answer-response'
import { isBlob, isByteArray, isResponse, isStream } from '../../base/body'
import { NanopeerError } from '../../base/errors'
import { printable } from '../../base/printable'
import { decodeValue } from '../../codec/read'
import { encodeValue } from '../../codec/write'
import type { BytesHead } from './byte-source'
import { passiveType } from './content-type'
import type { IncomingStream } from './incoming-stream'

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

/** True for what can be nothing but bytes; an iterable may also be a series of values. */
export const isBytes = (value: unknown): value is BytesOutput =>
  isResponse(value) || isBlob(value) || isStream(value) || isByteArray(value)

/**
 * What has arrived, as a stream that is delivered as it arrives and grants the sender more as it is read.
 *
 * @param length how many bytes the sender has promised; null where it has not. Any other number is an error, as in HTTP.
 */
export const readableFrom = (
  incoming: Pick<IncomingStream<Uint8Array>, 'take'>,
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
        const chunk = await incoming.take()
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

/** The standard answer to a bytes action. Its type is one that no browser runs; every other stands in `nanopeer-content-type`. */
export const responseOf = (head: BytesHead, body: ReadableStream<Uint8Array>): Response => {
  const headers = new Headers()
  if (head.length !== null) headers.set('content-length', String(head.length))
  try {
    const type = passiveType(head.type)
    headers.set('content-type', type)
    if (head.type !== null && head.type !== type) headers.set(saidTypeHeader, printable(head.type))
  } catch (error) {
    throw new NanopeerError('PROTOCOL', 'The remote sent a content type that is not one.', { cause: error })
  }
  return createAnswer(body, { headers })
}
