import { NanopeerError } from '../../base/errors'
import type { Predecessor } from '../../base/identity'
import { decodeValue } from '../../codec/read'
import { encodeValue } from '../../codec/write'

/** What each side proves of itself, all of it over the same transcript. Either part may be missing. */
export interface Auth {
  /** HMAC-SHA-256 under the shared secret, 32 bytes. */
  readonly mac: Uint8Array | null
  readonly signed: Signed | null
}

export interface Signed extends Predecessor {
  /** Keys that this one replaces, the latest first. */
  readonly predecessors: readonly Predecessor[]
}

const macSize = 32
/** An uncompressed point of P-256 (SEC 1 §2.3.3), and a signature as WebCrypto gives it (IEEE P1363). */
const pointSize = 65
const signatureSize = 64
/** Each costs a verification. */
const mostPredecessors = 4

const isOfSize = (value: unknown, size: number): value is Uint8Array<ArrayBuffer> =>
  value instanceof Uint8Array && value.length === size

const isPair = (value: unknown): value is [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>] =>
  Array.isArray(value) && isOfSize(value[0], pointSize) && isOfSize(value[1], signatureSize)

export const encodeAuth = ({ mac, signed }: Auth): Uint8Array<ArrayBuffer> =>
  encodeValue(
    [
      mac,
      signed?.publicKey ?? null,
      signed?.signature ?? null,
      signed?.predecessors.map(({ publicKey, signature }) => [publicKey, signature]) ?? [],
    ],
    'INVALID_INPUT',
  )

/** @throws `NanopeerError` `PROTOCOL` for anything that is not an AUTH. */
export const decodeAuth = (payload: Uint8Array): Auth => {
  const fields = decodeValue(payload)
  if (!Array.isArray(fields)) throw bad()
  const [mac, publicKey, signature, predecessors] = fields as unknown[]
  if (mac !== null && !isOfSize(mac, macSize)) throw bad()
  if (!Array.isArray(predecessors) || predecessors.length > mostPredecessors) throw bad()
  if (!predecessors.every(isPair)) throw bad()
  if (publicKey === null && signature === null && predecessors.length === 0) return { mac, signed: null }
  const pair = [publicKey, signature]
  if (!isPair(pair)) throw bad()
  const before = predecessors.map(([publicKey, signature]) => ({ publicKey, signature }))
  return { mac, signed: { publicKey: pair[0], signature: pair[1], predecessors: before } }
}

const bad = () => new NanopeerError('PROTOCOL', 'The remote sent an AUTH that is not one.')
