/** The two sides' names, and the secret between them where there is one. */
export interface HandshakeOptions {
  readonly localId: string
  readonly remoteId: string
  readonly secret: string | null
  /** Ms since this device took its id. */
  readonly age: number
  /** What we say of ourselves where we dial, encoded. */
  readonly metadata: Uint8Array | null
}
