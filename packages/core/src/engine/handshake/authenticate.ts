/**
 * What the two sides of a link prove to each other, inside the encrypted channel: a shared secret, a key of their own, or both.
 * Loaded only where there is something to prove.
 *
 * Everything covers both certificates *in use*, so a signalling server that terminates DTLS on both sides (and shows
 * each its own certificate) cannot pass one side's proof on to the other.
 */
import { NanopeerError } from '../../base/errors'
import { nobody } from '../../base/identity'
import { keyOf } from '../identity/key'
import { formerKeys } from '../identity/predecessors'
import { signParts as signByKey, verifySignature } from '../identity/signature'
import { type Auth, decodeAuth, encodeAuth, type Signed } from '../wire/auth'
import { noPayload } from '../wire/frame'
import { signParts as signBySecret, verifyParts } from './mac'
import type { HandshakeOptions } from './options'
import type { Part } from './parts'
import { keyChanged, type Proof } from './proof'
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

/** @param publicKey of the side that proves: whoever knows a secret vouches for the key beside it */
const partsOf = (role: Role, transcript: Transcript, publicKey: Uint8Array = noPayload): readonly Part[] => [
  'nanopeer/2 auth',
  role,
  transcript.diallerId,
  transcript.accepterId,
  transcript.fingerprints.dialler,
  transcript.fingerprints.accepter,
  transcript.diallerHello,
  transcript.diallerAuth ?? noPayload,
  transcript.accepterHello ?? noPayload,
  publicKey,
]

/** Our AUTH, as `role`: each proof that we have something for. */
export const prove = async (
  { secret, identity }: Pick<HandshakeOptions, 'secret' | 'identity'>,
  role: Role,
  transcript: Transcript,
): Promise<Uint8Array<ArrayBuffer>> => {
  const parts = partsOf(role, transcript, identity?.publicKey)
  const [mac, signature] = await Promise.all([
    secret === null ? null : signBySecret(secret, parts),
    identity && signByKey(identity, parts),
  ])
  return encodeAuth({ mac, signed: identity && signature && { ...identity, signature } })
}

type Wanted = Pick<HandshakeOptions, 'secret' | 'expectedKey' | 'isNamed' | 'isRevoked'>

/**
 * Checks the other side's AUTH: every proof in it, and that none is missing that we ask for.
 *
 * @param role of the other side
 * @throws `NanopeerError` `REFUSED` where one does not hold; `KEY_CHANGED` where the remote that we dial is not the one we
 *   know.
 */
export const verify = async (
  { secret, expectedKey, isNamed, isRevoked }: Wanted,
  role: Role,
  transcript: Transcript,
  payload: Uint8Array,
): Promise<Proof> => {
  const auth = decodeAuth(payload)
  const parts = partsOf(role, transcript, auth.signed?.publicKey)
  await checkMac(secret, parts, auth)
  const keys = auth.signed ? await keysOf(auth.signed, parts) : []
  if (expectedKey === nobody || (keys.length > 0 && (await isRevoked(keys))))
    throw refused('The key of the other device was revoked; pair the two anew.')
  if (expectedKey !== null && !keys.includes(expectedKey)) {
    throw role === 'accepter' ? keyChanged(expectedKey, keys) : otherKey()
  }
  return { keys, authenticated: secret !== null || isNamed }
}

const checkMac = async (secret: string | null, parts: readonly Part[], { mac }: Auth): Promise<void> => {
  // Both are told on the spot: else one would wait for what the other does not have.
  if (secret === null && mac !== null)
    throw refused('One device has a secret set, and the other has none; give both the same one.')
  if (secret === null) return
  if (mac === null) throw refused('A secret is needed here, and the other device has none set.')
  if (!(await verifyParts(secret, parts, mac)))
    throw refused('The other device does not know the same secret; give both the same one.')
}

const keysOf = async ({ publicKey, signature, predecessors }: Signed, parts: readonly Part[]) => {
  const isSigned = await verifySignature(publicKey, parts, signature)
  const former = isSigned ? await formerKeys(publicKey, predecessors) : null
  if (!former) throw refused('What the other device has signed does not hold.')
  return [await keyOf(publicKey), ...former]
}

const refused = (message: string) => new NanopeerError('REFUSED', message)

/** Told to whoever dials: which key it is, is nobody's business. */
export const otherKey = (): NanopeerError =>
  refused(
    'This id is known by another key. Dial under another id, or have that key replaced at the other device.',
  )
