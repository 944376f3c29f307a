import { NanopeerError } from '../../base/errors'

/** Bytes that `value` takes as a varint (LEB128, 7 bits a byte), for integers from 0 to 2⁵³ − 1. */
export const varintSize = (value: number): number => {
  let size = 1
  while (value >= 0x80) {
    value = Math.floor(value / 0x80)
    size++
  }
  return size
}

/** Writes `value` at `offset` and returns the offset after it. */
export const writeVarint = (target: Uint8Array, offset: number, value: number): number => {
  while (value >= 0x80) {
    target[offset++] = (value % 0x80) | 0x80
    value = Math.floor(value / 0x80)
  }
  target[offset++] = value
  return offset
}

/** The varint alone, as a payload. */
export const encodeVarint = (value: number): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(varintSize(value))
  writeVarint(bytes, 0, value)
  return bytes
}

/** What 2⁵³ − 1 takes; a longer one is only padding, of which there could be a whole message. */
const maxVarintSize = 8

/** Reads varints one after the other from bytes that nobody has checked. */
export class VarintReader {
  constructor(
    readonly bytes: Uint8Array,
    public offset = 0,
  ) {}

  /** @throws `NanopeerError` `PROTOCOL` past the end, or above 2⁵³ − 1. */
  next(): number {
    const end = this.offset + maxVarintSize
    let value = 0
    let scale = 1
    while (this.offset < end) {
      const byte = this.bytes[this.offset++]
      if (byte === undefined) throw new NanopeerError('PROTOCOL', 'The remote sent a number that is cut off.')
      value += (byte & 0x7f) * scale
      if (value > Number.MAX_SAFE_INTEGER) break
      if (byte < 0x80) return value
      scale *= 0x80
    }
    throw new NanopeerError('PROTOCOL', 'The remote sent a number that is out of range.')
  }
}

/** A payload that is one varint and nothing else. */
export const decodeVarint = (bytes: Uint8Array): number => {
  const reader = new VarintReader(bytes)
  const value = reader.next()
  if (reader.offset !== bytes.length) {
    throw new NanopeerError('PROTOCOL', 'The remote sent a number with something behind it.')
  }
  return value
}
