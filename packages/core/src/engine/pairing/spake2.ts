/**
 * SPAKE2 over P-256 with SHA-256, HKDF and HMAC: two sides that know the same short password agree on a strong key, and
 * whoever does not know it learns nothing but whether one guess was right.
 * Source: https://www.rfc-editor.org/rfc/rfc9382
 */
import { mapHashToField } from '@noble/curves/abstract/modular.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { NanopeerError } from '../../base/errors'
import { P256 } from './p256'

/** Whose password-blinded share is which: A begins, B answers. */
export type Spake2Role = 'A' | 'B'

/** RFC 9382 §4: nobody knows their discrete logarithms. A's share is blinded with M, B's with N. */
const blinds = {
  A: P256.fromHex('02886e2f97ace46e55ba9dd7242579f2993b64e16ef3dcab95afd497333d8fa12f'),
  B: P256.fromHex('03d8bbd6c639c62937b04d997f38c3770719c629d7014d49a24b4f98baa1292b49'),
}

const order = P256.Fn.ORDER
/** Bytes that are reduced to a scalar: 128 bits more than the order has, so that none is likelier than another. */
const wideScalar = 48

/** What both sides know before, and what is confirmed with the key. */
export interface Spake2Settings {
  readonly role: Spake2Role
  /** The names of both sides, as both use them. */
  readonly identities: Readonly<Record<Spake2Role, string>>
  /** The password as a scalar, 0 < w < order; see {@link scalarOf}. */
  readonly w: bigint
}

/** What the shares make: equal on both sides where the password was. */
export interface Spake2Keys {
  /** A key of 16 bytes. Not to be used before the other side's confirmation holds. */
  readonly key: Uint8Array
  /** Shows the other side that we have the same key, and means the same by `additional`. */
  confirm(): Uint8Array
  /** Whether the other side has the same; in constant time. */
  isConfirmed(confirmation: Uint8Array): boolean
}

/** Our side of one exchange. */
export interface Spake2 {
  /** 65 bytes for the other side: an uncompressed point, which says nothing about the password. */
  readonly share: Uint8Array
  /**
   * @param additional what both sides must see alike besides (AAD in the RFC): goes into the confirmations
   * @throws `NanopeerError` `PROTOCOL` for a share that is no point of the curve.
   */
  finish(otherShare: Uint8Array, additional: Uint8Array): Spake2Keys
}

const text = new TextEncoder()

const concat = (...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
  let offset = 0
  for (const part of parts) {
    all.set(part, offset)
    offset += part.length
  }
  return all
}

/** RFC 9382 §3.3: every part of the transcript behind its length, eight bytes, little-endian. */
const withLength = (part: Uint8Array): Uint8Array => {
  const length = new Uint8Array(8)
  new DataView(length.buffer).setBigUint64(0, BigInt(part.length), true)
  return concat(length, part)
}

const bytesOf = (scalar: bigint): Uint8Array => P256.Fn.toBytes(scalar)

/**
 * A password as SPAKE2 takes it. Without the memory-hard function that the RFC recommends for passwords that are kept: this
 * one is random, lives for minutes and protects nothing after (docs/decisions/0037).
 *
 * @param purpose sets this use of the password apart from all others
 */
export const scalarOf = (password: Uint8Array, purpose: string): bigint =>
  P256.Fn.fromBytes(
    mapHashToField(hkdf(sha256, password, undefined, text.encode(purpose), wideScalar), order),
  )

/** A secret scalar for one exchange. */
export const randomScalar = (): bigint =>
  P256.Fn.fromBytes(mapHashToField(crypto.getRandomValues(new Uint8Array(wideScalar)), order))

/** @throws `NanopeerError` `PROTOCOL` for a share that is no point of the curve. */
export const pointOf = (share: Uint8Array) => {
  // Of 65 bytes only: a compressed point would be another message that means the same.
  if (share.length === 65) {
    try {
      const point = P256.fromBytes(share)
      point.assertValidity()
      return point
    } catch {
      // Not on the curve, or not even an encoding.
    }
  }
  throw new NanopeerError('PROTOCOL', 'The remote sent a pairing share that is no point of the curve.')
}

/** Whether two are equal, in a time that does not tell where they differ. */
const isEqual = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length &&
  a.reduce((difference, byte, index) => difference | (byte ^ (b[index] as number)), 0) === 0

/**
 * Begins an exchange.
 *
 * @param secret of this exchange alone; given by tests
 */
export const startSpake2 = ({ role, identities, w }: Spake2Settings, secret = randomScalar()): Spake2 => {
  const other = role === 'A' ? 'B' : 'A'
  const share = P256.BASE.multiply(secret).add(blinds[role].multiply(w)).toBytes(false)

  const finish = (otherShare: Uint8Array, additional: Uint8Array): Spake2Keys => {
    const unblinded = pointOf(otherShare).subtract(blinds[other].multiply(w))
    if (unblinded.is0())
      throw new NanopeerError('PROTOCOL', 'The remote sent a pairing share that makes no key.')
    const shared = unblinded.multiply(secret).toBytes(false)
    const shares = role === 'A' ? [share, otherShare] : [otherShare, share]
    const names = [identities.A, identities.B].map((name) => text.encode(name))
    const transcript = concat(...[...names, ...shares, shared, bytesOf(w)].map(withLength))
    const hash = sha256(transcript)
    const info = concat(text.encode('ConfirmationKeys'), additional)
    const confirmationKeys = hkdf(sha256, hash.subarray(16), undefined, info, 32)
    const macOf = (side: Spake2Role) =>
      hmac(
        sha256,
        side === 'A' ? confirmationKeys.subarray(0, 16) : confirmationKeys.subarray(16),
        transcript,
      )
    return {
      key: hash.slice(0, 16),
      confirm: () => macOf(role),
      isConfirmed: (confirmation) => isEqual(confirmation, macOf(other)),
    }
  }

  return { share, finish }
}
