import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import type { NanopeerError } from '../../src/base/errors'
import { valueLimits } from '../../src/codec/limits'
import { decodeValue, decodeWeighed } from '../../src/codec/read'
import { encodeValue } from '../../src/codec/write'

const { entries } = valueLimits
const MiB = 1024 * 1024

/** What is in use, once nothing else is left of what was. */
const heapUsed = (): number => {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}

const thrownBy = (run: () => unknown): NanopeerError => {
  try {
    run()
  } catch (error) {
    return error as NanopeerError
  }
  throw new Error('Nothing was thrown.')
}

/** As many bytes of a header and of what follows it. */
const flood = (header: readonly number[], unit: readonly number[], count: number): Uint8Array => {
  const bytes = new Uint8Array(header.length + unit.length * count)
  bytes.set(header)
  for (let index = 0; index < count; index++) bytes.set(unit, header.length + index * unit.length)
  return bytes
}

const uint32 = (value: number) => [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff]

/** A map of this many fields with names of four characters, each its own. */
const flatMap = (fields: number): Uint8Array => {
  const bytes = flood([0xdf, ...uint32(fields)], [0xa4, 0, 0, 0, 0, 0], fields)
  for (let index = 0; index < fields; index++) {
    let left = index
    for (let letter = 0; letter < 4; letter++, left = Math.floor(left / 64)) {
      bytes[5 + index * 6 + 1 + letter] = 0x30 + (left % 64)
    }
  }
  return bytes
}

/** Values of each kind that hold this many entries. */
const kinds: readonly (readonly [kind: string, make: (entries: number) => unknown])[] = [
  ['numbers', (count) => new Array(count - 1).fill(1)],
  ['empty objects', (count) => Array.from({ length: Math.floor((count - 1) / 2) }, () => ({}))],
  ['dates', (count) => Array.from({ length: Math.floor((count - 1) / 2) }, () => new Date(0))],
  ['buffers', (count) => Array.from({ length: Math.floor((count - 1) / 2) }, () => new Uint8Array(0))],
  [
    'odd texts',
    (count) => Array.from({ length: Math.floor((count - 1) / 2) }, () => `${'x'.repeat(50)}\ud800`),
  ],
  [
    'fields',
    (count) => Object.fromEntries(Array.from({ length: count - 1 }, (_, index) => [`k${index}`, 1])),
  ],
  [
    'objects with a field',
    (count) => Array.from({ length: Math.floor((count - 1) / 3) }, (_, index) => ({ [`k${index}`]: 0 })),
  ],
]

describe('what one value may hold', () => {
  test.each(kinds)(
    'as many %s as the limit says arrive, and a few more are TOO_LARGE at the sender',
    (_, make) => {
      const bytes = encodeValue(make(entries), 'INVALID_INPUT')
      expect(decodeValue(bytes)).toBeTruthy()
      expect(thrownBy(() => encodeValue({ list: make(entries + 3) }, 'INVALID_OUTPUT'))).toMatchObject({
        name: 'NanopeerError',
        code: 'TOO_LARGE',
        message: expect.stringMatching(
          /^output\.list.* cannot be sent: it holds more than 200000 entries\.$/,
        ),
      })
    },
  )

  test('fields that are left out count at the sender alone', () => {
    const given = Object.fromEntries(
      Array.from({ length: 1000 }, (_, index) => [`k${index}`, index % 2 ? index : undefined]),
    )
    expect(Object.keys(decodeValue(encodeValue(given, 'INVALID_INPUT')) as object)).toHaveLength(500)
  })

  test('a sparse array of four thousand million holes is refused before it is walked', () => {
    expect(thrownBy(() => encodeValue(new Array(2 ** 32 - 1), 'INVALID_INPUT')).code).toBe('TOO_LARGE')
  })

  test.each([
    ['a flat map of 2.7 million short names', flatMap(2_700_000)],
    ['16 million empty objects', flood([0xdd, ...uint32(16 * MiB)], [0x80], 16 * MiB)],
    ['16 million numbers', flood([0xdd, ...uint32(16 * MiB)], [0x01], 16 * MiB)],
    ['many small maps', flood([0xdd, ...uint32(MiB)], [0x82, 0xa1, 0x61, 1, 0xa1, 0x62, 1], MiB)],
    ['many small lists', flood([0xdd, ...uint32(MiB)], [0x92, 1, 1], MiB)],
    ['many empty buffers', flood([0xdd, ...uint32(MiB)], [0xc7, 0, 2], MiB)],
    ['many dates', flood([0xdd, ...uint32(MiB)], [0xd7, 1, 0, 0, 0, 0, 0, 0, 0, 0], MiB)],
  ])('%s are PROTOCOL, and nothing to speak of was made', (_, bytes) => {
    const before = process.memoryUsage().heapUsed
    expect(thrownBy(() => decodeValue(bytes))).toMatchObject({
      code: 'PROTOCOL',
      message: expect.stringContaining('too many objects and entries'),
    })
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(32 * MiB)
  })

  test.each([16, 64, 100, 1000])(
    'names of %i characters count one entry more for every 16, at both ends alike',
    (length) => {
      const cost = 1 + Math.floor(length / 16)
      const make = (fields: number, letter: string) =>
        Object.fromEntries(
          Array.from({ length: fields }, (_, index) => [String(index).padEnd(length, letter), 1]),
        )
      const most = Math.floor((entries - 1) / cost)
      for (const letter of ['x', 'ü']) {
        const bytes = encodeValue(make(most, letter), 'INVALID_INPUT')
        expect(Object.keys(decodeValue(bytes) as object)).toHaveLength(most)
      }
      const map = make(most + 1, 'x')
      expect(thrownBy(() => encodeValue(map, 'INVALID_INPUT')).code).toBe('TOO_LARGE')
      // As somebody would send it who does not count.
      const names = Object.keys(map).map((name) => encodeValue({ [name]: 1 }, 'INVALID_INPUT').subarray(1))
      const sent = new Uint8Array(5 + names.reduce((size, name) => size + name.length, 0))
      sent.set([0xdf, ...uint32(most + 1)])
      let offset = 5
      for (const name of names) {
        sent.set(name, offset)
        offset += name.length
      }
      expect(thrownBy(() => decodeValue(sent))).toMatchObject({
        code: 'PROTOCOL',
        message: expect.stringContaining('too many objects and entries'),
      })
    },
  )

  test('lists inside each other that claim all that may be claimed make no lists of that size', () => {
    const claims = flood([], [0xdd, ...uint32(entries - 100)], 60)
    const bytes = new Uint8Array(claims.length + entries)
    bytes.set(claims)
    const before = process.memoryUsage().heapUsed
    expect(thrownBy(() => decodeValue(bytes)).message).toContain('too many objects and entries')
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(8 * MiB)
  })

  test('the largest map of names that are all new is read, as ordinary objects', () => {
    const bytes = flatMap(entries - 1)
    const value = decodeValue(bytes) as Record<string, number>
    expect(Object.keys(value)).toHaveLength(entries - 1)
    const many = Array.from({ length: 400 }, (_, index) =>
      Object.fromEntries(Array.from({ length: 20 }, (_, field) => [`n${index * 20 + field}`, field])),
    )
    const read = decodeValue(encodeValue(many, 'INVALID_INPUT')) as object[]
    expect(read).toStrictEqual(many)
    expect(read.every((object) => Object.getPrototypeOf(object) === Object.prototype)).toBe(true)
  })
})

describe('the weight of a value', () => {
  test.each([
    ['ASCII of 60', 'a'.repeat(60)],
    ['ASCII of 16', 'a'.repeat(16)],
    ['196 and a letter of two bytes', `${'a'.repeat(196)}é`],
    ['Chinese', '写真'.repeat(20)],
  ])('of many texts is about what they take: %s', (_, text) => {
    const bytes = encodeValue(new Array(50_000).fill(text), 'INVALID_INPUT')
    const before = heapUsed()
    const { value, weight } = decodeWeighed(bytes)
    const taken = heapUsed() - before
    expect(value).toHaveLength(50_000)
    expect(taken).toBeLessThan(2 * weight)
  })

  test.each([
    ['1000', ['1000']],
    ['200', ['200']],
    ['0, 1020 and 2570', ['0', '1020', '2570']],
  ])('of objects with far-off indices alone, %s, is about what they take', (_, names) => {
    const count = Math.floor((entries - 1) / (names.length + 2))
    const fields = Object.fromEntries(names.map((name) => [name, 1]))
    const bytes = encodeValue(new Array(count).fill(fields), 'INVALID_INPUT')
    const before = heapUsed()
    const { value, weight } = decodeWeighed(bytes)
    const taken = heapUsed() - before
    expect(value).toHaveLength(count)
    expect((value as unknown[]).at(-1)).toStrictEqual(fields)
    expect(taken).toBeLessThan(2 * weight)
  })

  const weightOf = (value: unknown) => decodeWeighed(encodeValue(value, 'INVALID_INPUT')).weight

  test('of bytes and texts is about their size', () => {
    expect(weightOf(new Uint8Array(100_000))).toBeLessThan(101_000)
    expect(weightOf('x'.repeat(100_000))).toBeLessThan(101_000)
  })

  test('of many small things is about what they take in memory, not on the wire', () => {
    const list = (make: () => unknown) => weightOf(Array.from({ length: 10_000 }, make)) / 10_000
    expect(list(() => ({}))).toBeGreaterThan(60)
    expect(list(() => [])).toBeGreaterThan(40)
    expect(list(() => new Date(0))).toBeGreaterThan(80)
    expect(list(() => new Uint8Array(0))).toBeGreaterThan(150)
    expect(list(() => 1)).toBeGreaterThan(8)
    expect(decodeWeighed(flatMap(10_000)).weight / 10_000).toBeGreaterThan(50)
  })
})
