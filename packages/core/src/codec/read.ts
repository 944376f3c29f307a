import { malformed, Reader } from './reader'
import { extension, fromUnits, typedArrays } from './tags'

/** A value, and about how many bytes it takes in memory. */
export interface Weighed {
  readonly value: unknown
  readonly weight: number
}

/**
 * Decodes one value. Nothing in the result shares memory with `bytes`.
 *
 * @throws `NanopeerError` `PROTOCOL`, and nothing else, for bytes that `encodeValue` cannot have written, and for a value
 * over the limits; that is found before anything is allocated for what is over them.
 */
export const decodeValue = (bytes: Uint8Array): unknown => decodeWeighed(bytes).value

/**
 * The same, and about how many bytes the value takes in memory.
 *
 * @throws as {@link decodeValue}.
 */
export const decodeWeighed = (bytes: Uint8Array): Weighed => {
  const reader = new ValueReader(bytes)
  reader.advance()
  return { value: reader.value, weight: reader.weight }
}

const texts = { short: 0xa0, shortCount: 32, long: 0xd9, longRank: 0 }

/** MessagePack as nanopeer speaks it: with extensions of its own, and bytes as one of them. */
export class ValueReader extends Reader {
  constructor(bytes: Uint8Array) {
    super(bytes, texts)
  }

  protected special(tag: number): unknown {
    switch (tag) {
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.extension(this.unsigned(tag - 0xc7))
      case 0xcf:
        return this.view.getBigUint64(this.skip(8))
      case 0xd3:
        return this.view.getBigInt64(this.skip(8))
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.extension(1 << (tag - 0xd4))
      default:
        throw malformed(`no value begins with ${tag}`)
    }
  }

  private extension(size: number): unknown {
    const type = this.byte()
    switch (type) {
      case extension.undefined:
        this.skip(size)
        return undefined
      case extension.negativeZero:
        this.skip(size)
        return -0
      case extension.date:
        if (size !== 8) throw malformed('a date takes 8 bytes')
        this.count(1, 64)
        return new Date(this.view.getFloat64(this.skip(8)))
      case extension.arrayBuffer:
        return this.copy(size).buffer
      case extension.dataView:
        return new DataView(this.copy(size).buffer)
      case extension.text:
        return fromUnits(toTypedArray(this.copy(size), 'Uint16Array') as Uint16Array)
      default:
        return toTypedArray(this.copy(size), typedArrays[type - extension.typedArray])
    }
  }
}

type TypedArrayConstructor = { new (buffer: ArrayBuffer): unknown; readonly BYTES_PER_ELEMENT: number }

const toTypedArray = (bytes: Uint8Array<ArrayBuffer>, name: string | undefined): unknown => {
  // Small arrays have no buffer before somebody asks for it, which is most of what they would cost.
  if (name === 'Uint8Array') return bytes
  const TypedArray = (globalThis as unknown as Record<string, TypedArrayConstructor | undefined>)[name ?? '']
  if (TypedArray === undefined) throw malformed(`there is no ${name ?? 'such type'} here`)
  if (bytes.length % TypedArray.BYTES_PER_ELEMENT !== 0) throw malformed(`a ${name} of odd length`)
  return new TypedArray(bytes.buffer)
}
