/** RFC 4648 base32: letters that fit a URL and a QR code's alphanumeric mode. */
export const base32Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** In upper case, without padding. Source: https://www.rfc-editor.org/rfc/rfc4648#section-6 */
export const encodeBase32 = (bytes: Uint8Array): string => {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    for (; bits >= 5; bits -= 5) text += base32Alphabet[(held >>> (bits - 5)) & 31]
    held &= (1 << bits) - 1
  }
  return bits === 0 ? text : text + base32Alphabet[(held << (5 - bits)) & 31]
}
