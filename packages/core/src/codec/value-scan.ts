import type { ValueLimits } from './value-check'
import { isExtension } from './value-extensions'

/**
 * Reads the structure of an encoded value without building anything: whether it is whole, is one value, uses
 * only what our encoder writes, and stays within the limits. msgpack's decoder by itself allocates arrays of
 * whatever length a header claims and follows any depth.
 *
 * @returns null for a good value, else what is wrong with it.
 */
export function scanValue(bytes: Uint8Array, limits: ValueLimits): string | null {
  const end = bytes.length
  let position = 0
  let objects = 0
  // Values still owed to the containers that are open; each takes at least one byte.
  let owed = 1
  let depth = 0
  while (owed > 0) {
    if (position >= end) return 'it is cut short'
    const head = bytes[position++] as number
    let size = 0
    let items = -1
    if (head < 0x80 || head >= 0xe0) {
      // a small integer: nothing follows
    } else if (head < 0x90) {
      items = (head & 0x0f) * 2
    } else if (head < 0xa0) {
      items = head & 0x0f
    } else if (head < 0xc0) {
      size = head & 0x1f
    } else {
      const form = forms[head - 0xc0] as number
      if (form === unknown) return `no value begins with ${head}`
      const width = form & 7
      if (position + width > end) return 'it is cut short'
      const length = width === 0 ? 0 : readLength(bytes, position, width)
      position += width
      if (form < array) {
        size = form >> 3
      } else if (form < map) {
        items = length
      } else if (form < string) {
        items = length * 2
      } else if (form < extension) {
        size = length
      } else {
        if (position >= end) return 'it is cut short'
        const type = bytes[position++] as number
        if (!isExtension(type)) return `there is no extension ${type}`
        if (++objects > limits.objects) return 'it holds too many objects'
        size = width === 0 ? 1 << (head - 0xd4) : length
      }
    }
    position += size
    if (position > end) return 'it is cut short'
    owed--
    if (items >= 0) {
      if (++objects > limits.objects) return 'it holds too many objects'
      if (depth > 0) remaining[depth - 1] = (remaining[depth - 1] as number) - 1
      if (depth >= limits.depth) return 'it is nested too deeply'
      owed += items
      if (owed > end - position) return 'it is cut short'
      remaining[depth++] = items
    } else if (depth > 0) {
      remaining[depth - 1] = (remaining[depth - 1] as number) - 1
    }
    while (depth > 0 && remaining[depth - 1] === 0) depth--
  }
  scannedObjects = objects
  return position === end ? null : 'something follows it'
}

/** Objects in the good value that was scanned last: they are what a value takes in memory. */
export let scannedObjects = 0

/** How many values each open container still waits for. Scans never overlap, so one list is enough. */
const remaining: number[] = []

function readLength(bytes: Uint8Array, position: number, width: number): number {
  let length = 0
  for (let index = 0; index < width; index++) length = length * 256 + (bytes[position + index] as number)
  return length
}

// What follows a head byte from 0xc0 on: the kind, plus the width of its length field in the low 3 bits.
const unknown = -1
const array = 1 << 8
const map = 2 << 8
const string = 3 << 8
const extension = 4 << 8
/** A fixed number of bytes. */
const fixed = (size: number) => size << 3

/** https://github.com/msgpack/msgpack/blob/master/spec.md#formats; `bin` is not ours, see the Uint8Array extension. */
const forms: readonly number[] = [
  fixed(0), // nil
  unknown,
  fixed(0), // false
  fixed(0), // true
  unknown, // bin 8
  unknown, // bin 16
  unknown, // bin 32
  extension + 1,
  extension + 2,
  extension + 4,
  fixed(4), // float 32
  fixed(8), // float 64
  fixed(1), // uint 8
  fixed(2),
  fixed(4),
  fixed(8),
  fixed(1), // int 8
  fixed(2),
  fixed(4),
  fixed(8),
  extension, // fixext 1
  extension,
  extension,
  extension,
  extension, // fixext 16
  string + 1,
  string + 2,
  string + 4,
  array + 2,
  array + 4,
  map + 2,
  map + 4,
]
