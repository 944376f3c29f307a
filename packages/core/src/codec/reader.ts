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

/** An array or object that is not read to its end. */
interface Unfinished {
  readonly into: unknown[] | Record<string, unknown>
  readonly size: number
  /** Items that are read. */
  readonly read: number
  readonly depth: number
  readonly hasGaps: boolean
}

/**
 * Reads one value from bytes that nobody has checked, in one pass: whatever is claimed is checked before anything is
 * made of it. It can stop between any two items, so that a large value need not be read in one go. Here is what
 * nanopeer's and PeerJS's dialects of MessagePack have in common.
 */
export abstract class Reader {
  /** What was read; whole once {@link advance} has returned true. */
  value: unknown
  /** About how many bytes of memory what was read takes. */
  weight: number
  private dataView: DataView | null = null
  private readonly names = new Names()
  private position = 0
  private entries = 0
  /** Where it stops for now. */
  private stop = 0
  /** What is unfinished, the innermost first. */
  private unfinished: Unfinished[] | null = null

  constructor(
    private readonly bytes: Uint8Array,
    private readonly texts: TextTags,
  ) {
    this.weight = bytes.length
  }

  /**
   * Reads on, for about as many bytes; those in texts and buffers are not counted: each is read in one go, a million in 1 to 6 ms. True
   * once the value is whole.
   *
   * @throws `NanopeerError` `PROTOCOL`, and nothing else, for bytes that are not one value within the limits.
   */
  advance(bytes = this.bytes.length + 1): boolean {
    this.stop = this.position + bytes
    if (this.position === 0) this.value = this.item(0)
    else this.goOn()
    if (this.unfinished) return false
    if (this.position !== this.bytes.length) throw malformed('something follows it')
    return true
  }

  /** Made for the first number of more than a byte: many values have none. */
  protected get view(): DataView {
    this.dataView ??= new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength)
    return this.dataView
  }

  /** What begins with a tag that the dialects do not have in common. */
  protected abstract special(tag: number): unknown

  private item(depth: number): unknown {
    const tag = this.byte()
    if (tag < 0x80) return tag
    if (tag >= 0xe0) return tag - 0x100
    if (tag < 0x90) return this.object(tag - 0x80, depth)
    if (tag < 0xa0) return this.array(tag - 0x90, depth)
    const size = this.textSize(tag)
    if (size >= 0) {
      const begin = this.skipUncounted(size)
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

  private skipUncounted(size: number): number {
    this.stop += size
    return this.skip(size)
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
    const begin = this.skipUncounted(size)
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
    this.elements(array, size, 0, depth)
    return array
  }

  private elements(array: unknown[], size: number, read: number, depth: number): void {
    for (let index = read; index < size; index++) {
      if (this.position >= this.stop) return this.leave(array, size, index, depth)
      array[index] = this.item(depth + 1)
    }
  }

  private object(size: number, depth: number): Record<string, unknown> {
    this.enter(size, 2 * size, fieldBytes, depth)
    // A shape of its own for every object takes an engine ten times as long as a table.
    const isTable = size > 2 && this.names.areMany
    const object: Record<string, unknown> = isTable ? Object.create(null) : {}
    this.fields(object, size, 0, depth, false)
    return isTable ? Object.setPrototypeOf(object, Object.prototype) : object
  }

  private fields(
    object: Record<string, unknown>,
    size: number,
    read: number,
    depth: number,
    hadGaps: boolean,
  ): void {
    let hasGaps = hadGaps
    for (let index = read; index < size; index++) {
      if (this.position >= this.stop) return this.leave(object, size, index, depth, hasGaps)
      const name = this.name()
      refuseProto(name)
      if (!hasGaps && leavesGaps(name, size)) {
        hasGaps = true
        keepInTable(object)
      }
      this.count(Math.floor(name.length / valueLimits.nameLength), 0)
      object[name] = this.item(depth + 1)
    }
  }

  private leave(into: Unfinished['into'], size: number, read: number, depth: number, hasGaps = false): void {
    this.unfinished ??= []
    this.unfinished.push({ into, size, read, depth, hasGaps })
  }

  /** What an item has in it is read before the item after it. */
  private goOn(): void {
    const before = this.unfinished ?? []
    this.unfinished = null
    for (const { into, size, read, depth, hasGaps } of before) {
      if (Array.isArray(into)) this.elements(into, size, read, depth)
      else this.fields(into, size, read, depth, hasGaps)
    }
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
