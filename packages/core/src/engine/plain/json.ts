import { valueLimits } from '../../codec/limits'
import type { Weighed } from '../../codec/read'
import { containerBytes, fieldBytes, malformed, refuseProto } from '../../codec/reader'

const textDecoder = new TextDecoder()

/**
 * Parses one value of JSON, once its brackets and commas are counted: the parser itself takes any depth and any number
 * of entries.
 *
 * @throws `NanopeerError` `PROTOCOL`, and nothing else, for what is no JSON, or is over the limits.
 */
export const parseJson = (bytes: Uint8Array): Weighed => {
  const weight = weigh(bytes)
  try {
    const text = textDecoder.decode(bytes)
    // As in every other format. It may be written in escapes.
    const mayNameIt = text.includes('__proto__') || text.includes('\\u')
    return { value: JSON.parse(text, mayNameIt ? refuseProto : undefined), weight }
  } catch {
    // The engine's error quotes the text as it is, and whoever prints ours prints its cause.
    throw malformed('it is no JSON')
  }
}

const quote = 0x22
const backslash = 0x5c

/** About what the value takes in memory. */
const weigh = (bytes: Uint8Array): number => {
  let depth = 0
  let entries = 0
  let weight = bytes.length
  for (let index = 0; index < bytes.length; index++) {
    switch (bytes[index]) {
      case quote:
        // To the end of the text.
        while (++index < bytes.length && bytes[index] !== quote) if (bytes[index] === backslash) index++
        break
      case 0x5b: // [
      case 0x7b: // {
        if (++depth > valueLimits.depth) throw malformed('it is nested too deeply')
        // One for itself, and one for the entry that no comma precedes.
        entries += 2
        weight += containerBytes + fieldBytes
        break
      case 0x5d: // ]
      case 0x7d: // }
        depth--
        break
      case 0x2c: // ,
        entries++
        weight += fieldBytes
    }
    if (entries > valueLimits.entries) throw malformed('it holds too many objects and entries')
  }
  return weight
}
