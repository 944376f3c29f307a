import { valueLimits } from '../../codec/limits'
import type { Weighed } from '../../codec/read'
import { containerBytes, fieldBytes } from '../../codec/reader'
import { NanopeerError } from '../../errors'

const textDecoder = new TextDecoder()

/**
 * Parses one value of JSON, once its brackets and commas are counted: the parser itself takes any depth and any number
 * of entries.
 *
 * @throws `NanopeerError` `PROTOCOL`, and nothing else, for what is no JSON, or is over the limits.
 */
export const parseJson = (bytes: Uint8Array): Weighed => {
  const weight = bytes.length + weigh(bytes)
  try {
    return { value: JSON.parse(textDecoder.decode(bytes)), weight }
  } catch (cause) {
    throw new NanopeerError('PROTOCOL', 'The remote sent JSON that is none.', { cause })
  }
}

const quote = 0x22
const comma = 0x2c
const backslash = 0x5c
/** `[` and `{`, `]` and `}`. */
const isOpening = (byte: number): boolean => byte === 0x5b || byte === 0x7b
const isClosing = (byte: number): boolean => byte === 0x5d || byte === 0x7d

/** About what the value takes in memory besides its bytes. */
const weigh = (bytes: Uint8Array): number => {
  let depth = 0
  let containers = 0
  let entries = 0
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] as number
    if (byte === quote) index = endOfText(bytes, index + 1)
    else if (byte === comma) entries++
    else if (isClosing(byte)) depth--
    else if (isOpening(byte)) {
      containers++
      // One for itself, and one for the entry that no comma precedes.
      entries += 2
      if (++depth > valueLimits.depth) throw refused(`a value nested over ${valueLimits.depth} levels deep`)
    }
    if (entries > valueLimits.entries) throw refused(`a value of over ${valueLimits.entries} entries`)
  }
  return containers * containerBytes + (entries - containers) * fieldBytes
}

/** Where the quote is that ends the text which begins at `index`. */
const endOfText = (bytes: Uint8Array, index: number): number => {
  while (index < bytes.length && bytes[index] !== quote) index += bytes[index] === backslash ? 2 : 1
  return index
}

const refused = (what: string): NanopeerError => new NanopeerError('PROTOCOL', `The remote sent ${what}.`)
