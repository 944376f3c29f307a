import { NanopeerError } from './errors'
import { requireWebCrypto } from './web-crypto'

/** RFC 4648 base32: letters that fit a URL and a QR code's alphanumeric mode. */
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** 160 random bits: nobody guesses them, even at leisure, after having been answered once. */
const randomLength = 32
/** 20 bits of checksum. */
const checksumLength = 4

const ofThisRelease = new RegExp(`^[${alphabet}]{${randomLength + checksumLength}}$`)
const ofRelease01 = new RegExp(`^[${alphabet}]{${randomLength}}$`)

/** CRC-32 of ASCII text, as in zip (ISO/IEC 8802-3), bit by bit: it is asked for once per secret. */
const crc32 = (text: string): number => {
  let crc = 0xffffffff
  for (let index = 0; index < text.length; index++) {
    crc ^= text.charCodeAt(index)
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}

/** The first 20 bits of the CRC, five to a letter: tells what was mistyped, or made by hand (docs/decisions/0030). */
const checksumOf = (random: string): string => {
  const crc = crc32(random)
  return Array.from({ length: checksumLength }, (_, index) => alphabet[(crc >>> (27 - 5 * index)) & 31]).join(
    '',
  )
}

const reasonAgainst = (secret: unknown): string | null => {
  if (typeof secret !== 'string') return 'A secret is a string. Make one with generateSecret().'
  if (ofRelease01.test(secret)) {
    return 'This secret is of nanopeer 0.1, or its end is missing. Make a new one with generateSecret().'
  }
  if (!ofThisRelease.test(secret)) {
    return 'This secret might be guessed. Make one with generateSecret().'
  }
  const isWhole = secret.slice(randomLength) === checksumOf(secret.slice(0, randomLength))
  return isWhole
    ? null
    : 'This secret was mistyped, or made by hand. Copy it again, or make one with generateSecret().'
}

/**
 * Whether {@link generateSecret} made this: to look at what a link, a QR code or a person gave before it is kept.
 *
 * @example
 * if (isSecret(given)) localStorage.setItem('secret', given)
 */
export const isSecret = (given: unknown): given is string => reasonAgainst(given) === null

/**
 * Takes only what {@link generateSecret} makes: whoever dials, or is dialled, can be asked for a proof by anybody, and
 * with that can try at leisure what it might have been made of.
 *
 * @throws `NanopeerError` `INVALID_INPUT` for anything else, `UNSUPPORTED` where WebCrypto is missing: on an insecure
 *   origin it never silently does without.
 */
export const checkSecret = (secret: string): void => {
  const reason = reasonAgainst(secret)
  if (reason) throw new NanopeerError('INVALID_INPUT', reason)
  requireWebCrypto()
}

/**
 * A new secret: 160 random bits and a checksum of 20, as 36 letters and digits that fit a URL and a QR code's
 * alphanumeric mode. Nothing else is taken as a secret.
 *
 * @example
 * console.log(generateSecret()) // once; both devices then read it from where only they can
 */
export const generateSecret = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(randomLength))
  const random = Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join('')
  return random + checksumOf(random)
}
