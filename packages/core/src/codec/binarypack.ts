/**
 * PeerJS's `binary` format, BinaryPack: MessagePack from before it had strings and bytes apart, with tags of its own.
 * Source: https://github.com/peers/peerjs-js-binarypack
 */
import { malformed, Reader } from './reader'
import { Sink } from './sink'

/** The bytes of an ArrayBuffer, a typed array or a DataView, not copied; null for anything else. */
export const bytesOf = (value: unknown): Uint8Array<ArrayBuffer> | null => {
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  if (!ArrayBuffer.isView(value)) return null
  return new Uint8Array(value.buffer as ArrayBuffer, value.byteOffset, value.byteLength)
}

/** Where the value that is being packed goes; packing never yields. */
let sink: Sink

/**
 * Packs one value so that PeerJS unpacks it: numbers, strings, booleans, null, bytes, arrays and plain objects.
 * `undefined` becomes null, a Date its ISO text. What the format cannot carry must have been refused before.
 */
export const pack = (value: unknown): Uint8Array<ArrayBuffer> => {
  sink = new Sink()
  write(value)
  return sink.copy(0)
}

const write = (value: unknown): void => {
  if (value === null || value === undefined) return sink.byte(0xc0)
  if (typeof value === 'boolean') return sink.byte(value ? 0xc3 : 0xc2)
  if (typeof value === 'number') return sink.number(value)
  if (typeof value === 'string') return sink.text(value, textHeader)
  if (value instanceof Date) return write(value.toISOString())
  const bytes = bytesOf(value)
  if (bytes) {
    sink.size(0xa0, 0xd9, bytes.length)
    return sink.bytes(bytes)
  }
  if (Array.isArray(value)) {
    sink.size(0x90, 0xdb, value.length)
    for (const item of value) write(item)
    return
  }
  const fields = Object.entries(value)
  sink.size(0x80, 0xdd, fields.length)
  for (const [name, field] of fields) {
    sink.text(name, textHeader)
    write(field)
  }
}

const textHeader = (size: number): void => sink.size(0xb0, 0xd7, size)

const texts = { short: 0xb0, shortCount: 16, long: 0xd8, longRank: 1 }

/**
 * Unpacks one value. PeerJS's own unpacker trusts every size it reads: five bytes keep it busy for minutes. Bytes come
 * as an ArrayBuffer, as PeerJS gives them.
 */
export class Unpacker extends Reader {
  constructor(bytes: Uint8Array) {
    super(bytes, texts)
  }

  protected special(tag: number): unknown {
    if (tag < 0xb0) return this.copy(tag - 0xa0).buffer
    switch (tag) {
      case 0xc1:
        return undefined
      case 0xcf:
        return Number(this.view.getBigUint64(this.skip(8)))
      case 0xd3:
        return Number(this.view.getBigInt64(this.skip(8)))
      case 0xda:
      case 0xdb:
        return this.copy(this.unsigned(tag - 0xd9)).buffer
      default:
        throw malformed(`no value begins with ${tag}`)
    }
  }
}
