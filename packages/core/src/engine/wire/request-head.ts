import type { ActionKind } from '../../base/action'
import { NanopeerError } from '../../base/errors'
import { isPrintable } from '../../base/printable'
import { decodeValue } from '../../codec/read'
import { encodeValue } from '../../codec/write'
import { VarintReader, varintSize, writeVarint } from './varint'

/** What opens a stream, before the input: `REQUEST = length of head: varint · head · input`. */
export interface RequestHead {
  readonly action: string
  /** What kind of answer the asker can take. */
  readonly kind: ActionKind
  /** An upload follows as DATA frames; its size where it is known. */
  readonly body: { readonly size: number | null } | null
  /** Set from the second attempt on; the first is named by its session and stream. */
  readonly requestId: string | null
}

/** Action, kind, size and request id are far below. */
const maxHeadSize = 4096
/** As for those who declare one. */
const maxActionLength = 256

const kinds: readonly ActionKind[] = ['value', 'bytes', 'events', 'media']

/** Heads of the requests that were made last, encoded: an application asks for the same few actions all the time. */
const encodedHeads = new Map<string, Uint8Array>()
const maxEncodedHeads = 64

const encodeHead = ({ action, kind, body, requestId }: RequestHead): Uint8Array => {
  const size = body === null ? false : (body.size ?? true)
  return encodeValue([action, kinds.indexOf(kind), size, requestId], 'INVALID_INPUT')
}

const headOf = (head: RequestHead): Uint8Array => {
  if (head.body !== null || head.requestId !== null) return encodeHead(head)
  const key = head.kind + head.action
  const known = encodedHeads.get(key)
  if (known) return known
  const bytes = encodeHead(head)
  if (encodedHeads.size >= maxEncodedHeads) encodedHeads.clear()
  encodedHeads.set(key, bytes)
  return bytes
}

/** @param input the input, encoded already */
export const encodeRequest = (head: RequestHead, input: Uint8Array): Uint8Array<ArrayBuffer> => {
  const bytes = headOf(head)
  const payload = new Uint8Array(varintSize(bytes.length) + bytes.length + input.length)
  const offset = writeVarint(payload, 0, bytes.length)
  payload.set(bytes, offset)
  payload.set(input, offset + bytes.length)
  return payload
}

/** @throws `NanopeerError` `PROTOCOL` for anything that is not a request. */
export const decodeRequest = (payload: Uint8Array): { head: RequestHead; input: Uint8Array } => {
  const reader = new VarintReader(payload)
  const size = reader.next()
  const end = size + reader.offset
  if (size > maxHeadSize || end > payload.length) throw bad()
  const fields = decodeValue(payload.subarray(reader.offset, end))
  const [action, kind, body, requestId] = Array.isArray(fields) ? (fields as unknown[]) : []
  const bodySize = typeof body === 'number' && Number.isSafeInteger(body) && body >= 0 ? body : null
  const valid =
    typeof action === 'string' &&
    action.length <= maxActionLength &&
    isPrintable(action) &&
    typeof kind === 'number' &&
    kinds[kind] !== undefined &&
    (typeof body === 'boolean' || bodySize !== null) &&
    (requestId === null ||
      (typeof requestId === 'string' && requestId.length <= 128 && isPrintable(requestId)))
  if (!valid) throw bad()
  const upload = body === false ? null : { size: bodySize }
  return {
    head: { action, kind: kinds[kind] as ActionKind, body: upload, requestId },
    input: payload.subarray(end),
  }
}

const bad = () => new NanopeerError('PROTOCOL', 'The remote sent a request that is not one.')
