import type { Identity } from '../../base/identity'

/** The two sides' names, what ours has to show, and what it asks of the other. */
export interface HandshakeOptions {
  readonly localId: string
  readonly remoteId: string
  /** What both must prove to know; null where nothing. */
  readonly secret: string | null
  /** What we sign with; null where we have none. */
  readonly identity: Identity | null
  /** The key that the remote must have; null where it may have any, or none. */
  readonly expectedKey: string | null
  /** The app, or `known`, has named the remote by that key: who proves it is whom they mean. */
  readonly isNamed: boolean
  /** Where we dial: the remote's key is to be learned, whatever it is. */
  readonly asksForKey: boolean
  /** Whether one of these keys was revoked here. */
  readonly isRevoked: (keys: readonly string[]) => Promise<boolean>
  /** Ms since this device took its id. */
  readonly age: () => number
  /** Requests of the remote's that we take at once. */
  readonly requests: number
  /** What we say of ourselves where we dial, encoded. */
  readonly metadata: Uint8Array | null
}

/** Whether somebody who asks for this is content with a remote that proves nothing. */
export const asksNothing = ({ secret, expectedKey }: HandshakeOptions): boolean =>
  secret === null && expectedKey === null

/** Whether a dialler says AUTH: it has something to show, or to see. The accepter answers in kind. */
export const hasProofs = (options: HandshakeOptions): boolean =>
  !asksNothing(options) || options.identity !== null || options.asksForKey
