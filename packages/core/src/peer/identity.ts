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

/** 128 bits of it cannot be guessed, even by somebody who recorded a handshake and tries at leisure. */
const minSecretLength = 20

/**
 * @throws `NanopeerError` `INVALID_INPUT` for a secret that can be guessed, `UNSUPPORTED` where WebCrypto is missing:
 *   on an insecure origin it never silently does without.
 */
export const checkSecret = (secret: string): void => {
  if (typeof secret !== 'string' || secret.length < minSecretLength || new Set(secret).size < 8) {
    throw new NanopeerError('INVALID_INPUT', 'This secret can be guessed; make one with generateSecret().')
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
