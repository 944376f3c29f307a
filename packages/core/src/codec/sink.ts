/** Up to this many UTF-16 code units a string is encoded in code, which is faster than TextEncoder. */
const longText = 200
/** A tag, and a size of 32 bits. */
const longestHeader = 5

/** A large value would leave its buffer here for ever. */
const keptBuffer = 65_536
const firstBuffer = 2048

const textEncoder = new TextEncoder()

/** The form that has room for an unsigned number: 0 of 8 bits, 1 of 16, 2 of 32. */
const rankOf = (value: number): number => (value < 0x100 ? 0 : value < 0x10000 ? 1 : 2)

/** Collects bytes in a buffer that grows, in the forms of MessagePack that its dialects have in common. */
export class Sink {
  position = 0
  private buffer = new Uint8Array(firstBuffer)
  private view = new DataView(this.buffer.buffer)

  byte(value: number): void {
    this.reserve(1)
    this.buffer[this.position++] = value
  }

  bytes(value: Uint8Array): void {
    this.reserve(value.length)
    this.buffer.set(value, this.position)
    this.position += value.length
  }

  double(value: number): void {
    this.reserve(8)
    this.view.setFloat64(this.position, value)
    this.position += 8
  }

  /** The low 64 bits of an integer. */
  bigint(value: bigint): void {
    this.reserve(8)
    this.view.setBigUint64(this.position, value)
    this.position += 8
  }

  /** An integer of 32 bits in the shortest form that has room for it, any other number as a double. */
  number(value: number): void {
    if (!Number.isInteger(value) || value < -(2 ** 31) || value >= 2 ** 32) {
      this.byte(0xcb)
      this.double(value)
    } else if (value >= -0x20 && value < 0x80) this.byte(value)
    else if (value < 0) this.sized(0xd0, value, rankOf(-2 * (value + 1)))
    else this.sized(0xcc, value)
  }

  /** A number behind the tag of its form; `tag` is that of 8 bits, and the others follow it. */
  sized(tag: number, value: number, rank = rankOf(value)): void {
    this.reserve(longestHeader)
    const { buffer, view } = this
    buffer[this.position++] = tag + rank
    if (rank === 0) buffer[this.position] = value
    else if (rank === 1) view.setUint16(this.position, value)
    else view.setUint32(this.position, value)
    this.position += 1 << rank
  }

  /** A size: up to 15 in the tag itself, else as {@link sized}, where there is no form of 8 bits. */
  size(short: number, tag: number, size: number): void {
    if (size < 16) this.byte(short + size)
    else this.sized(tag, size, rankOf(size) || 1)
  }

  /** A string, behind the header that `header` writes for its bytes. Only short ones keep lone surrogates. */
  text(value: string, header: (size: number) => void): void {
    const { length } = value
    const start = this.position
    // Right for ASCII, which most strings are.
    header(length)
    const body = this.position
    this.reserve(3 * length)
    if (length > longText) {
      this.position += textEncoder.encodeInto(value, this.buffer.subarray(body)).written
    } else this.utf8(value)
    const size = this.position - body
    if (size > length) this.rehead(start, body, header, size)
  }

  /** Puts another header at `start`, before what was written since `body`, which moves where it is longer or shorter. */
  rehead(start: number, body: number, header: (size: number) => void, size: number): void {
    const end = this.position
    // Once behind it all, to see how long it is.
    header(size)
    const moved = start + this.position - end
    this.buffer.copyWithin(moved, body, end)
    this.position = start
    header(size)
    this.position = moved + end - body
  }

  /** What was written since `start`, copied. */
  copy(start: number): Uint8Array<ArrayBuffer> {
    return this.buffer.slice(start, this.position)
  }

  /** Forgets what was written since `start`. */
  cut(start: number): void {
    this.position = start
    if (start === 0 && this.buffer.length > keptBuffer) this.use(new Uint8Array(firstBuffer))
  }

  private reserve(size: number): void {
    const needed = this.position + size
    if (needed <= this.buffer.length) return
    const grown = new Uint8Array(Math.max(needed, 2 * this.buffer.length))
    grown.set(this.buffer)
    this.use(grown)
  }

  private use(buffer: Uint8Array<ArrayBuffer>): void {
    this.buffer = buffer
    this.view = new DataView(buffer.buffer)
  }

  /** Where there is room for it. */
  private utf8(value: string): void {
    const { buffer } = this
    let position = this.position
    for (let index = 0; index < value.length; index++) {
      let code = value.charCodeAt(index)
      if (code < 0x80) {
        buffer[position++] = code
        continue
      }
      if (code < 0x800) buffer[position++] = 0xc0 | (code >> 6)
      else {
        // The first half of a pair, or a lone one.
        if ((code & 0xfc00) === 0xd800) code = value.codePointAt(index) as number
        if (code < 0x10000) buffer[position++] = 0xe0 | (code >> 12)
        else {
          index++
          buffer[position++] = 0xf0 | (code >> 18)
          buffer[position++] = 0x80 | ((code >> 12) & 0x3f)
        }
        buffer[position++] = 0x80 | ((code >> 6) & 0x3f)
      }
      buffer[position++] = 0x80 | (code & 0x3f)
    }
    this.position = position
  }
}
