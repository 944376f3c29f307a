import { deepStrictEqual } from 'node:assert'
import { Decoder, Encoder, ExtData, ExtensionCodec } from '@msgpack/msgpack'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NanopeerError } from '../../src/base/errors'
import { decodeValue } from '../../src/codec/read'
import { encodeValue } from '../../src/codec/write'

/** The library that version 0.1 was written with, without extensions. */
const encoder = new Encoder({ useBigInt64: true, ignoreUndefined: true })
const decoder = new Decoder({ useBigInt64: true })

const name = fc.string({ unit: 'binary', maxLength: 60 }).filter((key) => key !== '__proto__')

const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, false, Number.NaN, Infinity, -Infinity),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double().filter((number) => !Object.is(number, -0)),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('a', 'ä', '\ud83d', '\ude00', '漢', '😀'), maxLength: 50 }),
    fc.string({ unit: 'grapheme', minLength: 51, maxLength: 400 }),
    fc.array(tie('value'), { maxLength: 20 }),
    fc.dictionary(name, tie('value'), { maxKeys: 20, noNullPrototype: true }),
  ),
}))

test("what has no extension is written byte for byte as MessagePack's library writes it", () => {
  fc.assert(
    fc.property(value, (given) =>
      deepStrictEqual(encodeValue(given, 'INVALID_INPUT'), encoder.encode(given)),
    ),
    { numRuns: 2000 },
  )
})

test("what MessagePack's library reads we read as the same value, whatever form it was written in", () => {
  fc.assert(
    fc.property(value, fc.boolean(), fc.boolean(), (given, forceFloat32, forceIntegerToFloat) => {
      const bytes = new Encoder({ useBigInt64: true, forceFloat32, forceIntegerToFloat }).encode(given)
      deepStrictEqual(decodeValue(bytes), decoder.decode(bytes))
    }),
    { numRuns: 2000 },
  )
})

test('an extension has the header that the library gives it', () => {
  const opaque = new Decoder({ extensionCodec: new ExtensionCodec() })
  for (const size of [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 255, 256, 65_535, 65_536]) {
    const bytes = encodeValue(new Uint8Array(size).fill(7), 'INVALID_INPUT')
    deepStrictEqual(opaque.decode(bytes), new ExtData(16, new Uint8Array(size).fill(7)))
  }
})

test('where both read random bytes, both read the same value', () => {
  const read = (decode: () => unknown): { value: unknown } | null => {
    try {
      return { value: decode() }
    } catch {
      return null
    }
  }
  // Without tags that only one of them has, and texts that are no UTF-8.
  const bytes = fc.array(
    fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: 0, max: 0x7f }) },
      fc.integer({ min: 0x80, max: 0xc3 }).filter((tag) => tag !== 0xc1),
      fc.integer({ min: 0xca, max: 0xd3 }),
      fc.integer({ min: 0xd9, max: 0xdf }),
      fc.integer({ min: 0xe0, max: 0xff }),
    ),
    { maxLength: 40 },
  )
  let both = 0
  fc.assert(
    fc.property(bytes, (given) => {
      const ours = read(() => decodeValue(Uint8Array.from(given)))
      const theirs = read(() => decoder.decode(Uint8Array.from(given)))
      if (ours === null || theirs === null) return
      both++
      deepStrictEqual(withoutTexts(ours.value), withoutTexts(theirs.value))
    }),
    { numRuns: 20_000 },
  )
  expect(both).toBeGreaterThan(1000)
})

/** Texts that are no UTF-8 are read as some text or other. */
const withoutTexts = (given: unknown): unknown => {
  if (typeof given === 'string') return 'text'
  if (Array.isArray(given)) return given.map(withoutTexts)
  if (typeof given === 'object' && given !== null) return Object.values(given).map(withoutTexts)
  return given
}

test('any bytes are a value or PROTOCOL, in a buffer of their own or in the middle of another', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (given) => {
      const around = new Uint8Array(given.length + 20)
      around.set(given, 7)
      const results = [given, around.subarray(7, 7 + given.length), Buffer.from(given)].map((bytes) => {
        try {
          return { value: decodeValue(bytes) }
        } catch (error) {
          expect(error).toBeInstanceOf(NanopeerError)
          expect(error).toMatchObject({ code: 'PROTOCOL' })
          return (error as Error).message
        }
      })
      // Two invalid dates are the same; to `deepStrictEqual` they are not.
      expect(results[1]).toStrictEqual(results[0])
      expect(results[2]).toStrictEqual(results[0])
    }),
    { numRuns: 5000, examples: [[Uint8Array.of(0xd7, 1, 68, 0, 0, 0, 0, 0, 0, 0)]] },
  )
})

test('the same value is written as the same bytes each time', () => {
  fc.assert(
    fc.property(value, (given) => {
      const first = encodeValue(given, 'INVALID_INPUT')
      encodeValue(['something', { else: 'x'.repeat(5000) }], 'INVALID_INPUT')
      deepStrictEqual(encodeValue(structuredClone(given), 'INVALID_INPUT'), first)
    }),
    { numRuns: 300 },
  )
})
