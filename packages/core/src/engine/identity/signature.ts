import { encodeParts, type Part } from '../handshake/parts'
import { publicKeySize } from './key'

/** Both halves of P-256, raw (IEEE P1363), as WebCrypto gives them. */
export const signatureSize = 64

const curve = { name: 'ECDSA', namedCurve: 'P-256' } as const
export const algorithm = { name: 'ECDSA', hash: 'SHA-256' } as const

/** What signs: an identity. */
export interface Signer {
  sign(message: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>
}

export const generateKeyPair = (extractable: boolean): Promise<CryptoKeyPair> =>
  crypto.subtle.generateKey(curve, extractable, ['sign', 'verify'])

/** @param parts a label first, which sets this use of the key apart from all others */
export const signParts = (signer: Signer, parts: readonly Part[]): Promise<Uint8Array<ArrayBuffer>> =>
  signer.sign(encodeParts(parts))

/**
 * Whether the owner of a key has signed these. Nothing else may be concluded from a signature: it is random, and anybody can
 * make another one of it that is as good (−s), so it is never compared or looked up.
 */
export const verifySignature = async (
  publicKey: Uint8Array,
  parts: readonly Part[],
  signature: Uint8Array,
): Promise<boolean> => {
  if (publicKey.length !== publicKeySize || signature.length !== signatureSize) return false
  const key = await importPublicKey(new Uint8Array(publicKey))
  if (!key) return false
  return crypto.subtle.verify(algorithm, key, new Uint8Array(signature), encodeParts(parts))
}

/** Null for what is no point of the curve. */
const importPublicKey = (publicKey: Uint8Array<ArrayBuffer>): Promise<CryptoKey | null> =>
  crypto.subtle.importKey('raw', publicKey, curve, false, ['verify']).catch(() => null)
