import { NanopeerError } from '../errors'

/** What a PeerServer takes as an id (PeerJS `util.validateId`), and short enough to be sent about. */
const validId = /^[A-Za-z0-9]+(?:[ _-][A-Za-z0-9]+)*$/
const maxIdLength = 128

/** Whether this can be a device id. What a signalling server says need not be one. */
export const isId = (id: unknown): id is string =>
  typeof id === 'string' && id.length <= maxIdLength && validId.test(id)

/** @throws `NanopeerError` `INVALID_ID` for an id that no server would take. */
export const checkId = (id: string): void => {
  if (isId(id)) return
  throw new NanopeerError(
    'INVALID_ID',
    `${JSON.stringify(id)} is no device id: use letters and digits, with single "-", "_" or spaces between them, ` +
      `at most ${maxIdLength} characters.`,
  )
}

/** So much cannot be guessed, even by somebody who was once answered and tries at leisure. */
const minSecretBits = 128

/** How many characters there are to choose from, by what kinds of them are there. */
const alphabets: readonly (readonly [kind: RegExp, size: number])[] = [
  [/[g-z]/, 20],
  [/[a-f]/, 6],
  [/[G-Z]/, 20],
  [/[A-F]/, 6],
  [/[0-9]/, 10],
  [/[^a-zA-Z0-9]/, 32],
]

/** At most how many bits it would take to guess this: what repeats itself is counted once. */
const bitsOf = (secret: string): number => {
  const alphabet = alphabets.reduce((sum, [kind, size]) => sum + (kind.test(secret) ? size : 0), 0)
  const runs = new Set(Array.from(secret, (_, index) => secret.slice(index, index + 3)))
  return runs.size * Math.log2(Math.max(1, alphabet))
}

/**
 * @throws `NanopeerError` `INVALID_INPUT` for a secret that can be guessed, `UNSUPPORTED` where WebCrypto is missing:
 *   on an insecure origin it never silently does without.
 */
export const checkSecret = (secret: string): void => {
  if (typeof secret !== 'string' || bitsOf(secret) < minSecretBits) {
    throw new NanopeerError(
      'INVALID_INPUT',
      `This secret can be guessed: it has less than ${minSecretBits} bits. Make one with generateSecret(), not by hand.`,
    )
  }
  if (typeof crypto === 'undefined' || !crypto.subtle) {
    throw new NanopeerError(
      'UNSUPPORTED',
      'A secret needs WebCrypto, which a browser gives only to https pages and localhost; serve this page over https.',
    )
  }
}

/**
 * A new secret: 160 random bits as 32 characters that fit a URL and a QR code's alphanumeric mode.
 *
 * @example
 * const peer = createPeer('nas', { secret: generateSecret() })
 */
export const generateSecret = (): string => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567' // RFC 4648 base32
  return Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) => alphabet[byte % 32]).join('')
}
