/**
 * PeerJS's `binary` format, BinaryPack: MessagePack from before it had strings and bytes apart, with tags of its own.
 * Source: https://github.com/peers/peerjs-js-binarypack
 */

/** The largest integers that PeerJS reads back rightly from its integer tags; beyond them a double is exact. */
const minInteger = -(2 ** 31)
const maxInteger = 2 ** 32 - 1

const textEncoder = new TextEncoder()

/** The bytes of an ArrayBuffer, a typed array or a DataView, not copied; null for anything else. */
export const bytesOf = (value: unknown): Uint8Array<ArrayBuffer> | null => {
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  if (!ArrayBuffer.isView(value)) return null
  return new Uint8Array(value.buffer as ArrayBuffer, value.byteOffset, value.byteLength)
}

/** Collects bytes in a buffer that grows. */
class Sink {
  private buffer = new Uint8Array(256)
  private view = new DataView(this.buffer.buffer)
  private length = 0

  byte(value: number): void {
    this.reserve(1)
    this.buffer[this.length++] = value
  }

  /** `size` bytes of an unsigned integer, big end first. */
  integer(value: number, size: 1 | 2 | 4): void {
    this.reserve(size)
    if (size === 1) this.view.setUint8(this.length, value)
    else if (size === 2) this.view.setUint16(this.length, value)
    else this.view.setUint32(this.length, value)
    this.length += size
  }

  double(value: number): void {
    this.reserve(8)
    this.view.setFloat64(this.length, value)
    this.length += 8
  }

  bytes(value: Uint8Array): void {
    this.reserve(value.length)
    this.buffer.set(value, this.length)
    this.length += value.length
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.buffer.subarray(0, this.length)
  }

  private reserve(size: number): void {
    const needed = this.length + size
    if (needed <= this.buffer.length) return
    const grown = new Uint8Array(Math.max(needed, 2 * this.buffer.length))
    grown.set(this.buffer)
    this.buffer = grown
    this.view = new DataView(grown.buffer)
  }
}

/**
 * Packs one value so that PeerJS unpacks it: numbers, strings, booleans, null, bytes, arrays and plain objects.
 * `undefined` becomes null, a Date its ISO text. What the format cannot carry must have been refused before.
 */
export const pack = (value: unknown): Uint8Array<ArrayBuffer> => {
  const sink = new Sink()
  packInto(sink, value)
  return sink.finish()
}

const packInto = (sink: Sink, value: unknown): void => {
  if (value === null || value === undefined) return sink.byte(0xc0)
  if (typeof value === 'boolean') return sink.byte(value ? 0xc3 : 0xc2)
  if (typeof value === 'number') return packNumber(sink, value)
  if (typeof value === 'string') return packText(sink, value)
  if (value instanceof Date) return packText(sink, value.toISOString())
  const bytes = bytesOf(value)
  if (bytes) {
    packSize(sink, bytes.length, 0xa0, 0xda)
    return sink.bytes(bytes)
  }
  if (Array.isArray(value)) {
    packSize(sink, value.length, 0x90, 0xdc)
    for (const item of value) packInto(sink, item)
    return
  }
  const fields = Object.entries(value)
  packSize(sink, fields.length, 0x80, 0xde)
  for (const [name, field] of fields) {
    packText(sink, name)
    packInto(sink, field)
  }
}

const packText = (sink: Sink, text: string): void => {
  const bytes = textEncoder.encode(text)
  packSize(sink, bytes.length, 0xb0, 0xd8)
  sink.bytes(bytes)
}

/** Up to 15 in the tag itself, then 16 bits behind `tag`, then 32 behind the one after it. */
const packSize = (sink: Sink, size: number, shortTag: number, tag: number): void => {
  if (size <= 0x0f) return sink.byte(shortTag + size)
  sink.byte(size <= 0xffff ? tag : tag + 1)
  sink.integer(size, size <= 0xffff ? 2 : 4)
}

const packNumber = (sink: Sink, value: number): void => {
  if (!Number.isInteger(value) || value < minInteger || value > maxInteger) {
    sink.byte(0xcb)
    return sink.double(value)
  }
  if (value >= -0x20 && value <= 0x7f) return sink.byte(value & 0xff)
  if (value < 0) {
    sink.byte(0xd2)
    return sink.integer(value >>> 0, 4)
  }
  sink.byte(0xce)
  sink.integer(value, 4)
}
