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

/** The size and the head. */
const encode = ({ action, kind, body, requestId }: RequestHead): Uint8Array => {
  const size = body === null ? false : (body.size ?? true)
  const head = encodeValue([action, kinds.indexOf(kind), size, requestId], 'INVALID_INPUT')
  const bytes = new Uint8Array(varintSize(head.length) + head.length)
  bytes.set(head, writeVarint(bytes, 0, head.length))
  return bytes
}

/** What a request begins with: all but its input. */
export const encodeHead = (head: RequestHead): Uint8Array => {
  if (head.body !== null || head.requestId !== null) return encode(head)
  const key = head.kind + head.action
  const known = encodedHeads.get(key)
  if (known) return known
  const bytes = encode(head)
  if (encodedHeads.size >= maxEncodedHeads) encodedHeads.clear()
  encodedHeads.set(key, bytes)
  return bytes
}

/** Heads that were read last, and their bytes. */
const decodedHeads: { readonly bytes: Uint8Array; readonly head: RequestHead }[] = []
const maxDecodedHeads = 16

/** @throws `NanopeerError` `PROTOCOL` for anything that is not a request. */
export const decodeRequest = (payload: Uint8Array): { head: RequestHead; input: Uint8Array } => {
  const reader = new VarintReader(payload)
  const size = reader.next()
  const begin = reader.offset
  const end = begin + size
  if (size > maxHeadSize || end > payload.length) throw bad()
  const known = decodedHeads.find(({ bytes }) => isAt(bytes, payload, begin, end))
  const head = known?.head ?? decodeHead(payload.subarray(begin, end))
  // Only the same heads come again.
  if (!known && head.body === null && head.requestId === null) {
    if (decodedHeads.length >= maxDecodedHeads) decodedHeads.shift()
    decodedHeads.push({ bytes: payload.slice(begin, end), head })
  }
  return { head, input: payload.subarray(end) }
}

const isAt = (bytes: Uint8Array, payload: Uint8Array, begin: number, end: number): boolean => {
  if (bytes.length !== end - begin) return false
  for (let index = 0; index < bytes.length; index++) if (bytes[index] !== payload[begin + index]) return false
  return true
}

const decodeHead = (bytes: Uint8Array): RequestHead => {
  const fields = decodeValue(bytes)
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
  return { action, kind: kinds[kind] as ActionKind, body: upload, requestId }
}

const bad = () => new NanopeerError('PROTOCOL', 'The remote sent a request that is not one.')
