import type { ReadableAtom } from 'nanostores'
import type { NanopeerError } from './errors'
import type { KnownRemote } from './known'

/** What a device shows so that another can pair with it. */
export interface PairingCode {
  /** For a person to type: six digits and two words, such as `482913-apple-tower`. */
  readonly code: string
  /** The same for a QR code: whom one will meet, and a token of 128 bits that is good once. At most 470 characters, fit for a URL. */
  readonly qr: string
  /** Epoch ms after which both are worth nothing. */
  readonly expiresAt: number
  /** Wrong codes that may still be tried before that. */
  readonly guessesLeft: number
}

interface NoCode {
  readonly code: null
  readonly qr: null
  readonly expiresAt: null
  readonly guessesLeft: null
}

/** Where a pairing stands: the value of the store that `peer.pair()` and `peer.join()` return. */
export type PairingState =
  /** Looking for a code that nobody has, or for the device that shows it. */
  | ({
      readonly status: 'starting'
      readonly remote: null
      readonly knownKey: null
      readonly error: null
    } & NoCode)
  /** The code is to be shown. Only `peer.pair()` says this. */
  | ({
      readonly status: 'waiting'
      readonly remote: null
      readonly knownKey: null
      readonly error: null
    } & PairingCode)
  /**
   * The other device has the code, but its id is known with another key, `knownKey`: a new one under an old name, or somebody
   * who would like to be taken for it. `replace()` takes the new key, `cancel()` keeps the old.
   */
  | ({
      readonly status: 'asking'
      readonly remote: KnownRemote
      readonly knownKey: string
      readonly error: null
    } & NoCode)
  /** Both devices know each other's id and key. Final. */
  | ({
      readonly status: 'paired'
      readonly remote: KnownRemote
      readonly knownKey: null
      readonly error: null
    } & NoCode)
  /** Final: the code is spent. */
  | ({
      readonly status: 'failed'
      readonly remote: null
      readonly knownKey: null
      readonly error: NanopeerError
    } & NoCode)

/** One pairing with one other device. The functions are bound, and do nothing where there is nothing to do. */
export interface Pairing {
  /** Where it stands. Listening to it, or not, changes nothing. */
  readonly $state: ReadableAtom<PairingState>
  /** Whom we are paired with. Rejects with what the state `failed` shows. */
  readonly done: Promise<KnownRemote>
  /** While the state is `asking`: takes the new key for the id that is known with another one. */
  replace(this: void): void
  /** Gives it up, and the code with it: `ABORTED`. While the state is `asking` the known key stays. */
  cancel(this: void): void
}

/** What nobody has begun yet looks like, and what has just begun. */
export const startingPairing = {
  status: 'starting' as const,
  code: null,
  qr: null,
  expiresAt: null,
  guessesLeft: null,
  remote: null,
  knownKey: null,
  error: null,
} satisfies PairingState
