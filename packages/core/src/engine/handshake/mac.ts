/** Message authentication codes under a shared secret: HMAC-SHA-256 by WebCrypto. */
import { encodeParts, type Part } from './parts'

/** Keys that were made last: a secret is asked for with every dial. */
const keys = new Map<string, Promise<CryptoKey>>()
const maxKeys = 64

const keyOf = (secret: string): Promise<CryptoKey> => {
  const known = keys.get(secret)
  if (known) return known
  const bytes = new TextEncoder().encode(secret)
  const key = crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
    'verify',
  ])
  if (keys.size >= maxKeys) keys.clear()
  keys.set(secret, key)
  return key
}

/** @param parts a label first, which sets this use of the secret apart from all others */
export const signParts = async (secret: string, parts: readonly Part[]): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.sign('HMAC', await keyOf(secret), encodeParts(parts)))

/** Whether `mac` is what {@link signParts} gives for these; in constant time (WebCrypto's `verify`). */
export const verifyParts = async (
  secret: string,
  parts: readonly Part[],
  mac: Uint8Array,
): Promise<boolean> =>
  crypto.subtle.verify('HMAC', await keyOf(secret), new Uint8Array(mac), encodeParts(parts))
