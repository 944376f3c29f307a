import { readText } from './text'

const slots = 512
/** Names of more bytes are not remembered. */
const longName = 64

/** Names that were read last, by a hash of their bytes: a list of equal objects has the same few again and again. */
const known: string[] = new Array(slots).fill('')

/** Reads the names of one value's fields. */
export class Names {
  private read = 0
  private unknown = 0

  /** True for a value that has many names, and most of them once: no list of equal objects, but a table, or a flood. */
  get areMany(): boolean {
    return this.unknown > slots && this.unknown > this.read / 4
  }

  /** The name from `begin` to `end`. Only ASCII is remembered, and nothing of a flood, which would be looked up in vain. */
  next(bytes: Uint8Array, begin: number, end: number): string {
    this.read++
    if (end - begin > longName || this.areMany) {
      this.unknown++
      return readText(bytes, begin, end)
    }
    let hash = 0
    for (let index = begin; index < end; index++) hash = (hash * 31 + (bytes[index] as number)) & 0xffffff
    // Two places for each hash: two names with the same one would push each other out for ever.
    const slot = hash & (slots - 1)
    const first = known[slot] as string
    if (isText(first, bytes, begin, end)) return first
    const second = known[slot ^ 1] as string
    if (isText(second, bytes, begin, end)) return second
    this.unknown++
    const name = readText(bytes, begin, end)
    if (name.length === end - begin) {
      known[slot ^ 1] = first
      known[slot] = name
    }
    return name
  }
}

const isText = (text: string, bytes: Uint8Array, begin: number, end: number): boolean => {
  if (text.length !== end - begin) return false
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) !== bytes[begin + index]) return false
  }
  return true
}
