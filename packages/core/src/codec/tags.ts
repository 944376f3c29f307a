/**
 * Types of our MessagePack extensions on the wire, https://github.com/msgpack/msgpack/blob/master/spec.md#extension-types.
 * Numbers are for ever: a new one is added at the end.
 */
export const extension = {
  undefined: 0,
  date: 1,
  arrayBuffer: 2,
  dataView: 3,
  /** The integer encoding of MessagePack would make it 0. */
  negativeZero: 4,
  /** A string that UTF-8 would change, as its UTF-16 code units. */
  text: 5,
  /** The first of {@link typedArrays}. */
  typedArray: 16,
} as const

/**
 * Typed arrays in the order of their types, by what `Symbol.toStringTag` calls them, whichever realm or subclass
 * (`Buffer`) they are of. Multi-byte elements are little-endian, as on every platform that has WebRTC.
 */
export const typedArrays: readonly string[] = [
  'Uint8Array',
  'Uint8ClampedArray',
  'Int8Array',
  'Uint16Array',
  'Int16Array',
  'Uint32Array',
  'Int32Array',
  'BigUint64Array',
  'BigInt64Array',
  'Float32Array',
  'Float64Array',
  'Float16Array',
]

/** The string of these UTF-16 code units. In pieces: the arguments of one call are limited by the stack. */
export const fromUnits = (units: Uint8Array | Uint16Array): string => {
  let text = ''
  for (let start = 0; start < units.length; start += 4096) {
    // `apply` takes an array of whatever kind, seven times as fast as a spread does.
    text += String.fromCharCode.apply(null, units.subarray(start, start + 4096) as unknown as number[])
  }
  return text
}
