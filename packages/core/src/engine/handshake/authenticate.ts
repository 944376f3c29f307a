/**
 * Mutual proof of a shared secret, inside the encrypted channel. Loaded only where a secret is set.
 *
 * The MAC covers both certificates *in use*, so a signalling server that terminates DTLS on both sides (and shows
 * each its own certificate) cannot pass one side's proof on to the other.
 */
import { NanopeerError } from '../../base/errors'
import { noPayload } from '../wire/frame'
import { signParts, verifyParts } from './mac'
import type { Part } from './parts'
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

const partsOf = (role: Role, transcript: Transcript): readonly Part[] => [
  'nanopeer/2 auth',
  role,
  transcript.diallerId,
  transcript.accepterId,
  transcript.fingerprints.dialler,
  transcript.fingerprints.accepter,
  transcript.diallerHello,
  transcript.diallerAuth ?? noPayload,
  transcript.accepterHello ?? noPayload,
]

/** Our proof, as `role`. */
export const prove = (secret: string, role: Role, transcript: Transcript): Promise<Uint8Array> =>
  signParts(secret, partsOf(role, transcript))

/**
 * Checks the other side's proof.
 *
 * @throws `NanopeerError` `REFUSED` when it does not hold.
 */
export const verify = async (
  secret: string,
  role: Role,
  transcript: Transcript,
  proof: Uint8Array,
): Promise<void> => {
  if (!(await verifyParts(secret, partsOf(role, transcript), proof))) throw refused()
}
