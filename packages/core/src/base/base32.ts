/** The letter of five bits. Source: https://www.rfc-editor.org/rfc/rfc4648#section-6 */
const letterOf = (bits: number): string => String.fromCharCode(bits < 26 ? 65 + bits : 24 + bits)

/** Letters that fit a URL and a QR code's alphanumeric mode: upper case, without padding. */
export const encodeBase32 = (bytes: Uint8Array): string => {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    for (; bits >= 5; bits -= 5) text += letterOf((held >>> (bits - 5)) & 31)
    held &= (1 << bits) - 1
  }
  return bits === 0 ? text : text + letterOf((held << (5 - bits)) & 31)
}
