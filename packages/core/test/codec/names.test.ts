import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { Names } from '../../src/codec/names'
import { decodeValue } from '../../src/codec/read'
import { encodeValue } from '../../src/codec/write'

const roundTrip = (value: unknown) => decodeValue(encodeValue(value, 'INVALID_INPUT'))

test('names come back right however many there are, and after others had their places', () => {
  const lists = Array.from({ length: 5 }, (_, list) =>
    Array.from({ length: 600 }, (_, index) => ({
      [`name${index}`]: index,
      [`${list}-${index * 7919}`]: list,
      ü: 0,
    })),
  )
  for (const list of [...lists, ...lists]) expect(roundTrip(list)).toEqual(list)
})

test('names that look alike stay apart', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string({ unit: fc.constantFrom('a', 'b', '\0', 'ä'), maxLength: 6 })),
      (names) => {
        const given = Object.fromEntries(names.map((name, index) => [name, index]))
        expect(roundTrip([given, given])).toStrictEqual([given, given])
      },
    ),
    { numRuns: 500 },
  )
})

test('a name that is __proto__ is refused, though it was read before as a text', () => {
  expect(roundTrip(['__proto__', { a: '__proto__' }])).toEqual(['__proto__', { a: '__proto__' }])
  const name = new TextEncoder().encode('__proto__')
  // The second form has its bytes in an overlong encoding, which no writer of ours uses.
  const overlong = [...name].flatMap((byte) => [0xc0 | (byte >> 6), 0x80 | (byte & 0x3f)])
  for (const bytes of [
    [0x81, 0xa9, ...name, 1],
    [0x81, 0xd9, 9, ...name, 1],
    [0x81, 0xb2, ...overlong, 1],
  ]) {
    expect(() => decodeValue(Uint8Array.from(bytes))).toThrow('a name is __proto__')
    expect(() => decodeValue(Uint8Array.from(bytes))).toThrow('a name is __proto__')
  }
})

test('of a flood of names none is remembered: those that were known stay known', () => {
  const names = new Names()
  const flood = Array.from({ length: 20_000 }, (_, index) => new TextEncoder().encode(`flood${index}`))
  const read = (bytes: Uint8Array) => names.next(bytes, 0, bytes.length)
  for (const bytes of flood) read(bytes)
  expect(names.areMany).toBe(true)
  const charCodeAt = vi.spyOn(String.prototype, 'charCodeAt')
  for (const bytes of flood) read(bytes)
  expect(charCodeAt).not.toHaveBeenCalled()
  charCodeAt.mockRestore()
})
