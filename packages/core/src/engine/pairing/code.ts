/**
 * What one device shows and the other is told. A code, `482913-crossbow-tango`: where to meet, and a password of 22 bits
 * for a person to type. Or a QR text, which has a token of 128 bits instead, and names whom one will meet.
 */
import { encodeBase32 } from '../../base/base32'
import { NanopeerError } from '../../base/errors'
import { isId } from '../../base/id'
import { isKey } from '../../base/identity'
import type { KnownRemote } from '../../base/known'
import { findWord, words } from './words'

/** How long a code is good for, and how long the user may then take to say what becomes of a known id, ms. */
export const codeLifetime = 120_000

/** How the password came across. */
export type PairingForm = 'code' | 'qr'

/** Where two devices meet, and what only they know. */
export interface Invitation {
  /** Six digits, as they are written. */
  readonly digits: string
  readonly form: PairingForm
  readonly password: string
  /** Whom a QR text names; null for a code. */
  readonly expected: KnownRemote | null
}

const digitCount = 6
const wordCount = 2
/** 128 bits in base32. */
const tokenPattern = /^[A-Z2-7]{26}$/

/** Longer than any code, shorter than any QR text. */
const longestCode = 60

const example = '482913-apple-tower'

/** A number below `limit`, none likelier than another: what would make the first ones likelier is drawn again. */
const randomBelow = (limit: number): number => {
  const [drawn = 0] = crypto.getRandomValues(new Uint32Array(1))
  return drawn < 2 ** 32 - (2 ** 32 % limit) ? drawn % limit : randomBelow(limit)
}

export const createDigits = (): string => String(randomBelow(10 ** digitCount)).padStart(digitCount, '0')

export const createWords = (): string =>
  Array.from({ length: wordCount }, () => words[randomBelow(words.length)]).join('-')

export const createToken = (): string => encodeBase32(crypto.getRandomValues(new Uint8Array(16)))

export const codeOf = (digits: string, password: string): string => `${digits}-${password}`

/** Letters, digits, `.` and `%` alone: fits a URL's fragment as it is. */
export const qrTextOf = (digits: string, token: string, { id, key }: KnownRemote): string =>
  [digits, token, key, encodeURIComponent(id)].join('.')

/**
 * Reads what somebody has typed or scanned. A code may have other separators, cases and widths of its characters, and of each
 * word the first four letters do.
 *
 * @throws `NanopeerError` `INVALID_INPUT` for anything else, and says what is wrong: a code that is sent has to be right.
 */
export const readInvitation = (typed: string): Invitation =>
  typed.trim().length > longestCode ? readQrText(typed.trim()) : readCode(typed)

const readCode = (typed: string): Invitation => {
  const plain = typed.normalize('NFKC').toLowerCase()
  const digits = (plain.match(/\d/g) ?? []).join('')
  const given = plain.match(/\p{L}+/gu) ?? []
  if (digits.length !== digitCount || given.length !== wordCount) {
    throw invalid(`A pairing code has ${digitCount} digits and ${wordCount} words, such as ${example}.`)
  }
  const password = given.map((word) => {
    const found = findWord(word)
    if (found) return found
    throw invalid(`“${word}” is no word of a pairing code. Look at the other device again.`)
  })
  return { digits, form: 'code', password: password.join('-'), expected: null }
}

const readQrText = (scanned: string): Invitation => {
  const [digits = '', password = '', key, encoded = '', ...more] = scanned.split('.')
  const id = decoded(encoded)
  const isWhole = new RegExp(`^\\d{${digitCount}}$`).test(digits) && tokenPattern.test(password)
  if (!isWhole || more.length > 0 || !isKey(key) || !isId(id)) {
    throw invalid('This is not a QR code for pairing, or not all of one. Scan it again.')
  }
  return { digits, form: 'qr', password, expected: { id, key } }
}

const decoded = (text: string): string | null => {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

const invalid = (message: string) => new NanopeerError('INVALID_INPUT', message)
