import type { NanopeerError } from './errors'

/**
 * Who a device is: a key pair, ECDSA with P-256, whose private half signs here and is seen by nobody. Made by
 * `loadIdentity()`.
 */
export interface Identity {
  /**
   * The device's name to all others: the SHA-256 of {@link publicKey} in base32, 52 letters and digits that fit a URL, a QR
   * code and a device id. Not a secret.
   */
  readonly key: string
  /** The uncompressed point, 65 bytes (SEC 1 §2.3.3). */
  readonly publicKey: Uint8Array<ArrayBuffer>
  /** Keys that this device had before, the latest first: who knows one of them knows this one. At most 4. */
  readonly predecessors: readonly Predecessor[]
  /** Outlives this page, or process. False where it is only in memory: the next one will be somebody else. */
  readonly kept: boolean
  /** Made just now: there was none under this name, or what kept it has lost it. */
  readonly created: boolean
  /** Why it is not kept; null where it is. */
  readonly error: NanopeerError | null
  /** Signs with SHA-256. The signature is 64 bytes, random: the same message has a new one each time. */
  sign(message: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>
}

/** A key that was replaced, and its signature over the one that replaced it. */
export interface Predecessor {
  readonly publicKey: Uint8Array<ArrayBuffer>
  readonly signature: Uint8Array<ArrayBuffer>
}

/** A key that nobody has: what is known by it, a key or an id, was revoked. */
export const nobody = 'A'.repeat(52)

/** Whether this is what an {@link Identity} calls its key. Under such an id nobody is taken who does not prove it. */
export const isKey = (text: unknown): text is string =>
  typeof text === 'string' && /^[A-Z2-7]{52}$/.test(text)
