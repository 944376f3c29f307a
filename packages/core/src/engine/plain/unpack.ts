import { valueLimits } from '../../codec/value-check'
import { NanopeerError } from '../../errors'

const textDecoder = new TextDecoder('utf-8', { ignoreBOM: true })

const malformed = (what: string) =>
  new NanopeerError('PROTOCOL', `The remote sent a malformed value: ${what}.`)

/**
 * Unpacks one value of PeerJS's `binary` format. Its own unpacker trusts every size it reads: five bytes keep it busy
 * for minutes. Bytes come as an ArrayBuffer, as PeerJS gives them.
 *
 * @throws `NanopeerError` `PROTOCOL`, and nothing else, for bytes that are not one value within the limits.
 */
export const unpack = (bytes: Uint8Array): Unpacked => {
  const unpacker = new Unpacker(bytes)
  const value = unpacker.value(0)
  if (!unpacker.isDone) throw malformed('something follows it')
  return { value, weight: bytes.length + objectBytes * unpacker.objects }
}

/** A value, and about how many bytes it takes in memory. */
export interface Unpacked {
  readonly value: unknown
  readonly weight: number
}

/** What an object takes in memory besides what it holds, about; on the wire an empty one is one byte. */
export const objectBytes = 64

class Unpacker {
  private readonly view: DataView
  private offset = 0
  /** Objects, arrays and byte strings so far. */
  objects = 0

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get isDone(): boolean {
    return this.offset === this.bytes.length
  }

  value(depth: number): unknown {
    const tag = this.unsigned(1)
    if (tag < 0x80) return tag
    if (tag >= 0xe0) return tag - 0x100
    if (tag < 0x90) return this.object(tag - 0x80, depth)
    if (tag < 0xa0) return this.array(tag - 0x90, depth)
    if (tag < 0xb0) return this.binary(tag - 0xa0)
    if (tag < 0xc0) return this.text(tag - 0xb0)
    return this.tagged(tag, depth)
  }

  private tagged(tag: number, depth: number): unknown {
    switch (tag) {
      case 0xc0:
        return null
      case 0xc1:
        return undefined
      case 0xc2:
      case 0xc3:
        return tag === 0xc3
      case 0xca:
        return this.view.getFloat32(this.skip(4))
      case 0xcb:
        return this.view.getFloat64(this.skip(8))
      case 0xcc:
        return this.unsigned(1)
      case 0xcd:
        return this.unsigned(2)
      case 0xce:
        return this.unsigned(4)
      case 0xcf:
        return Number(this.view.getBigUint64(this.skip(8)))
      case 0xd0:
        return this.view.getInt8(this.skip(1))
      case 0xd1:
        return this.view.getInt16(this.skip(2))
      case 0xd2:
        return this.view.getInt32(this.skip(4))
      case 0xd3:
        return Number(this.view.getBigInt64(this.skip(8)))
      case 0xd8:
        return this.text(this.unsigned(2))
      case 0xd9:
        return this.text(this.unsigned(4))
      case 0xda:
        return this.binary(this.unsigned(2))
      case 0xdb:
        return this.binary(this.unsigned(4))
      case 0xdc:
        return this.array(this.unsigned(2), depth)
      case 0xdd:
        return this.array(this.unsigned(4), depth)
      case 0xde:
        return this.object(this.unsigned(2), depth)
      case 0xdf:
        return this.object(this.unsigned(4), depth)
      default:
        throw malformed('it has an unknown type')
    }
  }

  /** Moves on by `size` bytes that are there; gives where they begin. */
  private skip(size: number): number {
    const begin = this.offset
    if (size > this.bytes.length - begin) throw malformed('it is cut off')
    this.offset += size
    return begin
  }

  private unsigned(size: 1 | 2 | 4): number {
    const begin = this.skip(size)
    if (size === 1) return this.view.getUint8(begin)
    return size === 2 ? this.view.getUint16(begin) : this.view.getUint32(begin)
  }

  private text(size: number): string {
    const begin = this.skip(size)
    return textDecoder.decode(this.bytes.subarray(begin, this.offset))
  }

  private binary(size: number): ArrayBuffer {
    this.enter(0, 0)
    const begin = this.skip(size)
    return this.bytes.slice(begin, this.offset).buffer as ArrayBuffer
  }

  private array(size: number, depth: number): unknown[] {
    this.enter(size, depth)
    return Array.from({ length: size }, () => this.value(depth + 1))
  }

  private object(size: number, depth: number): Record<string, unknown> {
    this.enter(2 * size, depth)
    const object: Record<string, unknown> = {}
    for (let index = 0; index < size; index++) {
      const name = this.value(depth + 1)
      if (typeof name !== 'string' || name === '__proto__') throw malformed('a name is not a plain string')
      object[name] = this.value(depth + 1)
    }
    return object
  }

  /** Checked before anything is allocated: `parts` of at least a byte each must still be there. */
  private enter(parts: number, depth: number): void {
    if (depth > valueLimits.depth) throw malformed(`it is nested more than ${valueLimits.depth} levels deep`)
    if (++this.objects > valueLimits.objects) throw malformed('it holds too many objects')
    if (parts > this.bytes.length - this.offset) throw malformed('it is cut off')
  }
}
