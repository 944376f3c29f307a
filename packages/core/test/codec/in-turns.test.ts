import { deepStrictEqual } from 'node:assert'
import { serialize } from 'node:v8'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NanopeerError } from '../../src/base/errors'
import { pack, Unpacker } from '../../src/codec/binarypack'
import { ValueReader } from '../../src/codec/read'
import type { Reader } from '../../src/codec/reader'
import { encodeValue } from '../../src/codec/write'

/** What came of reading: the value as it is and its weight, or the error's text. */
type Outcome = { value: unknown; weight: number } | { failed: string }

const outcomeOf = (reader: Reader, readOn: () => void): Outcome => {
  try {
    readOn()
  } catch (error) {
    expect(error).toBeInstanceOf(NanopeerError)
    expect(error).toMatchObject({ code: 'PROTOCOL' })
    return { failed: (error as Error).message }
  }
  return { value: reader.value, weight: reader.weight }
}

const inOneGo = (reader: Reader): Outcome => outcomeOf(reader, () => expect(reader.advance()).toBe(true))

/** Reads so many bytes in each turn, the sizes again and again. */
const inTurns = (reader: Reader, sizes: readonly number[]): Outcome =>
  outcomeOf(reader, () => {
    for (let turn = 0; !reader.advance(sizes[turn % sizes.length]); turn++);
  })

const sizes = fc.array(fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 40 })), {
  minLength: 1,
  maxLength: 6,
})

/** Names of the language, indices with and without gaps, and others. */
const name = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }).filter((key) => key !== '__proto__'),
  fc.constantFrom('constructor', 'toString', 'length', '', '0', '1', '7', '4294967294', '4294967295'),
)

const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium' },
    fc.constantFrom(null, true, -0, Number.NaN, 1e300),
    fc.integer(),
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }).map((array) => array.buffer),
    fc.array(tie('value'), { maxLength: 40 }),
    fc.dictionary(name, tie('value'), { maxKeys: 40, noNullPrototype: true }),
  ),
}))

test('a value that is read in turns, wherever they end, is the one that is read in one go', () => {
  fc.assert(
    fc.property(value, sizes, (given, turns) => {
      const bytes = encodeValue(given, 'INVALID_INPUT')
      deepStrictEqual(inTurns(new ValueReader(bytes), turns), inOneGo(new ValueReader(bytes)))
      const packed = pack(given)
      deepStrictEqual(inTurns(new Unpacker(packed), turns), inOneGo(new Unpacker(packed)))
    }),
    { numRuns: 1000 },
  )
})

test('bytes that are no value fail in turns as they do in one go', () => {
  const broken = fc.tuple(
    value,
    fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 3 }),
    fc.nat(),
  )
  let failed = 0
  fc.assert(
    fc.property(fc.oneof(broken, fc.uint8Array({ maxLength: 300 })), sizes, (given, turns) => {
      let bytes: Uint8Array
      if (given instanceof Uint8Array) bytes = given
      else {
        const [original, changes, cut] = given
        const whole = encodeValue(original, 'INVALID_INPUT').slice()
        for (const [at, byte] of changes) whole[at % whole.length] = byte
        bytes = whole.subarray(0, whole.length - (cut % 3 === 0 ? cut % whole.length : 0))
      }
      for (const Dialect of [ValueReader, Unpacker]) {
        const whole = inOneGo(new Dialect(bytes))
        if ('failed' in whole) failed++
        // Two invalid dates are the same; to `deepStrictEqual` they are not.
        deepStrictEqual(serialize(inTurns(new Dialect(bytes), turns)), serialize(whole))
      }
    }),
    { numRuns: 2000 },
  )
  expect(failed).toBeGreaterThan(500)
})

test('an object of many names that is read in turns has the prototype of others, and its indices leave no gaps', () => {
  // The names before make the reader take what follows for a table.
  const names = Object.fromEntries(Array.from({ length: 2000 }, (_, n) => [`n${n}`, n]))
  const table = {
    ...Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`t${n}`, [n]])),
    4000000000: 'last',
  }
  const given = [names, table, [table]]
  const bytes = encodeValue(given, 'INVALID_INPUT')
  for (const size of [1, 2, 3, 50, 1000, 20_000]) {
    const outcome = inTurns(new ValueReader(bytes), [size])
    deepStrictEqual(outcome, inOneGo(new ValueReader(bytes)))
    deepStrictEqual((outcome as { value: unknown }).value, given)
  }
})
