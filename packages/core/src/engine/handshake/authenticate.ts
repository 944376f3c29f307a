/**
 * Mutual proof of a shared secret, inside the encrypted channel. Loaded only where a secret is set.
 *
 * The MAC covers both certificates *in use*, so a signalling server that terminates DTLS on both sides (and shows
 * each its own certificate) cannot pass one side's proof on to the other.
 */
import { NanopeerError } from '../../errors'
import { noPayload } from '../wire/frame'
import type { Fingerprints, Role } from './token-proof'

/** Both sides' view of one handshake up to a proof; equal on both, or the proof fails. */
export interface Transcript {
  readonly diallerId: string
  readonly accepterId: string
  readonly fingerprints: Fingerprints
  /** As it went over the wire, nonce included. */
  readonly diallerHello: Uint8Array
  /** What the dialler proved with, and the accepter's HELLO: the accepter's proof covers these, too. */
  readonly diallerAuth?: Uint8Array
  readonly accepterHello?: Uint8Array
}

const refused = () =>
  new NanopeerError('REFUSED', 'The other device does not know the same secret; give both the same one.')

/** Every part with its length before it, so that no two transcripts encode alike. */
const encodeTranscript = (role: Role, transcript: Transcript): Uint8Array<ArrayBuffer> => {
  const text = new TextEncoder()
  const parts = [
    text.encode('nanopeer/2 auth'),
    text.encode(role),
    text.encode(transcript.diallerId),
    text.encode(transcript.accepterId),
    transcript.fingerprints.dialler,
    transcript.fingerprints.accepter,
    transcript.diallerHello,
    transcript.diallerAuth ?? noPayload,
    transcript.accepterHello ?? noPayload,
  ]
  const bytes = new Uint8Array(parts.reduce((size, part) => size + 4 + part.length, 0))
  const view = new DataView(bytes.buffer)
  let offset = 0
  for (const part of parts) {
    view.setUint32(offset, part.length)
    bytes.set(part, offset + 4)
    offset += 4 + part.length
  }
  return bytes
}

const importKey = (secret: string): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', new TextEncoder().encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
    'verify',
  ])

/** Our proof, as `role`. */
export const prove = async (secret: string, role: Role, transcript: Transcript) => {
  const mac = await crypto.subtle.sign('HMAC', await importKey(secret), encodeTranscript(role, transcript))
  return new Uint8Array(mac)
}

/**
 * Checks the other side's proof, in constant time (WebCrypto's `verify`).
 *
 * @throws `NanopeerError` `REFUSED` when it does not hold.
 */
export const verify = async (
  secret: string,
  role: Role,
  transcript: Transcript,
  proof: Uint8Array,
): Promise<void> => {
  const message = encodeTranscript(role, transcript)
  if (!(await crypto.subtle.verify('HMAC', await importKey(secret), new Uint8Array(proof), message)))
    throw refused()
}
