import { NanopeerError } from '../../base/errors'
import { maxMetadata } from '../../base/metadata'
import { decodeValue } from '../../codec/read'
import { encodeValue } from '../../codec/write'
import { protocolVersion, safeMessageSize } from './limits'

/** What opens a link. The dialler's goes first; the accepter's answers it. */
export interface Hello {
  readonly version: number
  /** The sender's incarnation: random, new with every session it begins. */
  readonly from: string
  /** The receiver's incarnation as the sender knows it; null in a session that it begins. */
  readonly to: string | null
  /** Counts the links of this session, from 1. */
  readonly link: number
  /** Shows that the sender holds the token that the receiver issued last (`handshake/token-proof.ts`); null without one. */
  readonly proof: string | null
  /** The largest frame the sender takes, bytes. Fixed for the session. */
  readonly frameSize: number
  /** The window that streams towards the sender begin with, bytes. */
  readonly window: number
  /**
   * Ms since the sender's device took its id. What went out to an older life of it was not heard by this one.
   */
  readonly age: number
  /** Present where the sender's AUTH follows. */
  readonly nonce: Uint8Array | null
  /** Requests that the sender takes at once; null from one of before this was told, which refuses those past its limit. */
  readonly requests: number | null
}

/** What each side says last before a link carries frames: how much it has, and its next token. */
export interface Ready {
  /** What the dialler says of itself, encoded; null where that is nothing, and from the accepter. */
  readonly metadata: Uint8Array | null
  /** Counted frames received in this session. */
  readonly received: number
  /** The token that the other presents as `proof` on the next link. */
  readonly token: string
}

const isToken = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= 64
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
/** No session goes through more; one near the largest integer would leave no number for the next. */
const isLinkNumber = (value: unknown): value is number => isCount(value) && value < 2 ** 32

/** Any number above 0, as limits are. */
const isLimit = (value: unknown): value is number => typeof value === 'number' && value > 0

const bad = (what: string) => new NanopeerError('PROTOCOL', `The remote sent a ${what} that is not one.`)

export const encodeHello = (hello: Hello): Uint8Array<ArrayBuffer> =>
  encodeValue(
    [
      hello.version,
      hello.from,
      hello.to,
      hello.link,
      hello.proof,
      hello.frameSize,
      hello.window,
      hello.age,
      hello.nonce,
      ...(hello.requests === null ? [] : [hello.requests]),
    ],
    'INVALID_INPUT',
  )

/** The releases that speak a version. */
const releaseOf = (version: number): string =>
  version === 1 ? 'nanopeer 0.1' : version === protocolVersion ? 'nanopeer 0.2' : 'a later nanopeer'

/** Worded for whoever reads it: the other side is told the same in a goodbye. */
const otherVersion = (version: number) => {
  const [older, newer] = [version, protocolVersion].sort((a, b) => a - b) as [number, number]
  const goal = newer === protocolVersion ? '0.2 or later' : 'the release of the newer'
  const message =
    `One of the two devices speaks version ${older} (${releaseOf(older)}), the other version ${newer} ` +
    `(${releaseOf(newer)}); bring the older one to ${goal}.`
  return new NanopeerError('PROTOCOL', message)
}

/** @throws `NanopeerError` `PROTOCOL` for anything that is not a HELLO of this version. */
export const decodeHello = (payload: Uint8Array): Hello => {
  const fields = decodeValue(payload)
  if (!Array.isArray(fields)) throw bad('HELLO')
  const [version, from, to, link, proof, frameSize, window, age, nonce, requests = null] = fields as unknown[]
  if (!isCount(version)) throw bad('HELLO')
  if (version !== protocolVersion) throw otherVersion(version)
  const valid =
    isToken(from) &&
    (to === null || isToken(to)) &&
    isLinkNumber(link) &&
    (proof === null || isToken(proof)) &&
    isCount(frameSize) &&
    frameSize >= safeMessageSize / 2 &&
    isCount(window) &&
    isCount(age) &&
    (nonce === null || (nonce instanceof Uint8Array && nonce.length === 32)) &&
    (requests === null || isLimit(requests))
  if (!valid) throw bad('HELLO')
  return {
    version,
    from,
    to,
    link,
    proof,
    frameSize,
    window,
    age,
    nonce: nonce as Uint8Array | null,
    requests: requests as number | null,
  }
}

export const encodeReady = (ready: Ready): Uint8Array<ArrayBuffer> =>
  encodeValue([ready.received, ready.token, ready.metadata], 'INVALID_INPUT')

/** @throws `NanopeerError` `PROTOCOL` for anything that is not a READY. */
export const decodeReady = (payload: Uint8Array): Ready => {
  const fields = decodeValue(payload)
  if (!Array.isArray(fields)) throw bad('READY')
  const [received, token, metadata] = fields as unknown[]
  const isMetadata = metadata === null || (metadata instanceof Uint8Array && metadata.length <= maxMetadata)
  const isTold = token === '' || isToken(token)
  if (!isCount(received) || !isTold || !isMetadata) throw bad('READY')
  return { received, token, metadata: metadata as Uint8Array | null }
}
