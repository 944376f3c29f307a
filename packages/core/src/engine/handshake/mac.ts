/** Message authentication codes under a shared secret: HMAC-SHA-256 by WebCrypto. */

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

/** A label and parts, every one with its length before it, so that no two messages encode alike. */
const encodeParts = (parts: readonly (string | Uint8Array)[]): Uint8Array<ArrayBuffer> => {
  const text = new TextEncoder()
  const encoded = parts.map((part) => (typeof part === 'string' ? text.encode(part) : part))
  const bytes = new Uint8Array(encoded.reduce((size, part) => size + 4 + part.length, 0))
  const view = new DataView(bytes.buffer)
  let offset = 0
  for (const part of encoded) {
    view.setUint32(offset, part.length)
    bytes.set(part, offset + 4)
    offset += 4 + part.length
  }
  return bytes
}

/** @param parts a label first, which sets this use of the secret apart from all others */
export const signParts = async (
  secret: string,
  parts: readonly (string | Uint8Array)[],
): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.sign('HMAC', await keyOf(secret), encodeParts(parts)))

/** Whether `mac` is what {@link signParts} gives for these; in constant time (WebCrypto's `verify`). */
export const verifyParts = async (
  secret: string,
  parts: readonly (string | Uint8Array)[],
  mac: Uint8Array,
): Promise<boolean> =>
  crypto.subtle.verify('HMAC', await keyOf(secret), new Uint8Array(mac), encodeParts(parts))
