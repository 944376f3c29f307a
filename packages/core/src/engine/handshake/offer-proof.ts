import { keyOf, publicKeySize } from '../identity/key'
import { signatureSize, signParts as signByKey, verifySignature } from '../identity/signature'
import { signParts as signBySecret, verifyParts } from './mac'
import type { HandshakeOptions } from './options'

/** An offer, as the signalling server passes it on. */
export interface SignedOffer {
  readonly from: string
  readonly to: string
  /** Chosen by the dialler, new with every offer. */
  readonly connectionId: string
}

/** By what an offer may be known. */
export interface OfferJudge {
  /** What its sender should know; null where nothing is to be known. */
  readonly secret: string | null
  /** Whether we have to do with whoever has this key. */
  isOurs(key: string): Promise<boolean>
}

const partsOf = ({ from, to, connectionId }: SignedOffer) => ['nanopeer/2 offer', from, to, connectionId]

const macSize = 32

/**
 * Shows, before anything is opened, that an offer is of somebody who knows the secret, or whose key is known (as WireGuard's
 * mac1 does). There is no time in it: clocks are wrong. Undefined where there is nothing to show.
 */
export const signOffer = async (
  { secret, identity }: Pick<HandshakeOptions, 'secret' | 'identity'>,
  offer: SignedOffer,
): Promise<string | undefined> => {
  const parts = partsOf(offer)
  if (secret !== null) return toBase64(await signBySecret(secret, parts))
  if (identity)
    return toBase64(new Uint8Array([...identity.publicKey, ...(await signByKey(identity, parts))]))
  return undefined
}

/**
 * The secret, or the key, by which {@link signOffer} made this for this offer; null where that is none of ours.
 *
 * @param credential has the shape of one
 */
export const verifyOffer = async (
  { secret, isOurs }: OfferJudge,
  offer: SignedOffer,
  credential: string,
): Promise<string | null> => {
  const bytes = fromBase64(credential)
  const parts = partsOf(offer)
  if (bytes.length === macSize) {
    return secret !== null && (await verifyParts(secret, parts, bytes)) ? secret : null
  }
  if (bytes.length !== publicKeySize + signatureSize) return null
  const publicKey = bytes.slice(0, publicKeySize)
  const key = await keyOf(publicKey)
  // First whether it matters: that costs less than the signature.
  if (!(await isOurs(key))) return null
  return (await verifySignature(publicKey, parts, bytes.slice(publicKeySize))) ? key : null
}

const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes))

const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
