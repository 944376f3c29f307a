import { NanopeerError } from '../base/errors'
import { valueLimits } from './limits'
import { Names } from './names'
import { readText } from './text'

/** What things take in memory, about, besides the bytes that they hold; measured in docs/decisions/0018-one-codec.md. */
export const containerBytes = 64
const elementBytes = 16
export const fieldBytes = 48
const bufferBytes = 192

export const malformed = (why: string): NanopeerError =>
  new NanopeerError('PROTOCOL', `The remote sent a malformed value: ${why}.`)

/** Throws for a name that would set a prototype where somebody copies by assignment; a reviver, or a replacer, of JSON. */
export const refuseProto = (name: string, value?: unknown): unknown => {
  if (name === '__proto__') throw malformed('a name is __proto__')
  return value
}

/** The highest index that an object can have. */
const lastIndex = 2 ** 32 - 2

/**
 * Whether a name is an index beyond what so many fields fill. Engines keep a place for each index before it, up to some thousand:
 * an object of one field then takes 12 KB.
 */
const leavesGaps = (name: string, fields: number): boolean =>
  name.charCodeAt(0) <= 0x39 && Number(name) >= fields

/** Has the engine keep an object's indices in a table, where those that are missing take no place. */
const keepInTable = (object: Record<string, unknown>): void => {
  object[lastIndex] = 0
  Reflect.deleteProperty(object, lastIndex)
}

/** The tags that a dialect has for texts. */
export interface TextTags {
  /** That of 0 bytes. */
  readonly short: number
  /** How many from there on have the number of bytes in them. */
  readonly shortCount: number
  /** The first of those with a size behind them, and its rank; the last has a size of 32 bits. */
  readonly long: number
  readonly longRank: number
}

/**
 * Reads one value from bytes that nobody has checked, in one pass: whatever is claimed is checked before anything is
 * made of it. Here is what nanopeer's and PeerJS's dialects of MessagePack have in common.
 */
export abstract class Reader {
  /** About how many bytes of memory what was read takes. */
  weight: number
  private dataView: DataView | null = null
  private readonly names = new Names()
  private position = 0
  private entries = 0

  constructor(
    private readonly bytes: Uint8Array,
    private readonly texts: TextTags,
  ) {
    this.weight = bytes.length
  }

  /** @throws `NanopeerError` `PROTOCOL`, and nothing else, for bytes that are not one value within the limits. */
  read(): unknown {
    const value = this.value(0)
    if (this.position !== this.bytes.length) throw malformed('something follows it')
    return value
  }

  /** Made for the first number of more than a byte: many values have none. */
  protected get view(): DataView {
    this.dataView ??= new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength)
    return this.dataView
  }

  /** What begins with a tag that the dialects do not have in common. */
  protected abstract special(tag: number): unknown

  private value(depth: number): unknown {
    const tag = this.byte()
    if (tag < 0x80) return tag
    if (tag >= 0xe0) return tag - 0x100
    if (tag < 0x90) return this.object(tag - 0x80, depth)
    if (tag < 0xa0) return this.array(tag - 0x90, depth)
    const size = this.textSize(tag)
    if (size >= 0) {
      const begin = this.skip(size)
      return readText(this.bytes, begin, begin + size)
    }
    switch (tag) {
      case 0xc0:
        return null
      case 0xc2:
      case 0xc3:
        return tag === 0xc3
      case 0xca:
        return this.view.getFloat32(this.skip(4))
      case 0xcb:
        return this.view.getFloat64(this.skip(8))
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.unsigned(tag - 0xcc)
      case 0xd0:
        return this.view.getInt8(this.skip(1))
      case 0xd1:
        return this.view.getInt16(this.skip(2))
      case 0xd2:
        return this.view.getInt32(this.skip(4))
      case 0xdc:
      case 0xdd:
        return this.array(this.unsigned(tag - 0xdb), depth)
      case 0xde:
      case 0xdf:
        return this.object(this.unsigned(tag - 0xdd), depth)
      default:
        return this.special(tag)
    }
  }

  /** Moves on by `size` bytes that are there; gives where they begin. */
  protected skip(size: number): number {
    const begin = this.position
    if (size > this.bytes.length - begin) throw malformed('it is cut short')
    this.position += size
    return begin
  }

  protected byte(): number {
    return this.bytes[this.skip(1)] as number
  }

  /** An unsigned integer of 1, 2 or 4 bytes: of rank 0, 1 or 2. */
  protected unsigned(rank: number): number {
    if (rank === 0) return this.byte()
    const begin = this.skip(1 << rank)
    return rank === 1 ? this.view.getUint16(begin) : this.view.getUint32(begin)
  }

  /** A copy: aligned, and nobody who keeps or transfers it touches the message. */
  protected copy(size: number): Uint8Array<ArrayBuffer> {
    this.count(1, bufferBytes)
    const begin = this.skip(size)
    return new Uint8Array(this.bytes.subarray(begin, begin + size))
  }

  /** Checked before anything is allocated. */
  protected count(entries: number, memory: number): void {
    this.weight += memory
    this.entries += entries
    if (this.entries > valueLimits.entries) throw malformed('it holds too many objects and entries')
  }

  private array(size: number, depth: number): unknown[] {
    this.enter(size, size, elementBytes, depth)
    const array = new Array<unknown>(size)
    for (let index = 0; index < size; index++) array[index] = this.value(depth + 1)
    return array
  }

  private object(size: number, depth: number): Record<string, unknown> {
    this.enter(size, 2 * size, fieldBytes, depth)
    // A shape of its own for every object takes an engine ten times as long as a table.
    const isTable = size > 2 && this.names.areMany
    const object: Record<string, unknown> = isTable ? Object.create(null) : {}
    let hasGaps = false
    for (let index = 0; index < size; index++) {
      const name = this.name()
      refuseProto(name)
      if (!hasGaps && leavesGaps(name, size)) {
        hasGaps = true
        keepInTable(object)
      }
      this.count(Math.floor(name.length / valueLimits.nameLength), 0)
      object[name] = this.value(depth + 1)
    }
    return isTable ? Object.setPrototypeOf(object, Object.prototype) : object
  }

  private name(): string {
    const size = this.textSize(this.byte())
    if (size < 0) throw malformed('a name is not a string')
    const begin = this.skip(size)
    return this.names.next(this.bytes, begin, begin + size)
  }

  /** How many bytes the text has that begins with this tag; less than 0 for a tag of something else. */
  private textSize(tag: number): number {
    const { short, shortCount, long, longRank } = this.texts
    if (tag >= short && tag < short + shortCount) return tag - short
    const rank = tag - long + longRank
    return rank >= longRank && rank <= 2 ? this.unsigned(rank) : -1
  }

  /** @param least bytes that the parts take at the least */
  private enter(size: number, least: number, memory: number, depth: number): void {
    this.count(size + 1, containerBytes + size * memory)
    if (depth >= valueLimits.depth) throw malformed('it is nested too deeply')
    if (least > this.bytes.length - this.position) throw malformed('it is cut short')
  }
}
