import { Random } from './random'

const size = 4 * 1024 * 1024
const table = (() => {
  const random = new Random(1)
  const words = Uint32Array.from({ length: size / 4 }, () => random.next() * 2 ** 32)
  return new Uint8Array(words.buffer)
})()

const shiftOf = (key: string): number => {
  let hash = 7
  for (let index = 0; index < key.length; index++) hash = (hash * 31 + key.charCodeAt(index)) % (size / 2)
  return hash
}

/** `length` bytes of what `key` stands for, from `offset` on: at most 2 MiB in all. A view; never write into it. */
export const bytesOf = (key: string, offset: number, length: number): Uint8Array<ArrayBuffer> => {
  const start = shiftOf(key) + offset
  return table.subarray(start, start + length)
}

/** Checks bytes as they arrive, without keeping them. */
export class ByteCheck {
  offset = 0

  constructor(private readonly key: string) {}

  /** @throws when they are not the next bytes of `key`. */
  add(bytes: Uint8Array): void {
    const expected = bytesOf(this.key, this.offset, bytes.length)
    if (Buffer.compare(expected, bytes) !== 0) {
      throw new Error(
        `The bytes of ${this.key} are wrong between ${this.offset} and ${this.offset + bytes.length}.`,
      )
    }
    this.offset += bytes.length
  }
}
