import { encodeBase32 } from '../../base/base32'

/** An uncompressed point of P-256. Source: SEC 1 §2.3.3 */
export const publicKeySize = 65

/** What an identity is called: the hash of its point, 52 letters of base32. */
export const keyOf = async (publicKey: Uint8Array<ArrayBuffer>): Promise<string> =>
  encodeBase32(new Uint8Array(await crypto.subtle.digest('SHA-256', publicKey)))
