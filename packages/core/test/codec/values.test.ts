import { deepStrictEqual } from 'node:assert'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { NanopeerError } from '../../src/base/errors'
import { decodeValue } from '../../src/codec/read'
import { encodeKey, encodeValue } from '../../src/codec/write'

const roundTrip = (value: unknown) => decodeValue(encodeValue(value, 'INVALID_INPUT'))

const refusal = (
  value: unknown,
  code: 'INVALID_INPUT' | 'INVALID_OUTPUT' = 'INVALID_INPUT',
): NanopeerError => {
  try {
    encodeValue(value, code)
  } catch (error) {
    return error as NanopeerError
  }
  throw new Error('The value was encoded.')
}

const fault = (bytes: Uint8Array): NanopeerError | null => {
  try {
    decodeValue(bytes)
    return null
  } catch (error) {
    return error as NanopeerError
  }
}

const bytes = (...values: number[]) => Uint8Array.from(values)

const typedArray = fc.oneof(
  fc.uint8Array(),
  fc.uint8ClampedArray(),
  fc.int8Array(),
  fc.uint16Array(),
  fc.int16Array(),
  fc.uint32Array(),
  fc.int32Array(),
  fc.float32Array(),
  fc.float64Array(),
  fc.bigInt64Array(),
  fc.bigUint64Array(),
)

/** Field names that mean something to JavaScript, or that the library treats apart. */
const name = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }).filter((key) => key !== '__proto__'),
  fc.constantFrom(
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'length',
    '0',
    '',
    'then',
    'toJSON',
  ),
)

const leaf = fc.oneof(
  fc.constantFrom(
    null,
    true,
    false,
    0,
    -0,
    Number.NaN,
    Infinity,
    -Infinity,
    2 ** 53,
    -(2 ** 63),
    1e300,
    5e-324,
  ),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('a', 'ä', '\ud83d', '\ude00', '\ufeff', '漢', '😀'), maxLength: 300 }),
  // An invalid date equals nothing, itself included; it has a test of its own.
  fc.date({ noInvalidDate: true }),
  fc.uint8Array().map((array) => array.buffer),
  fc.uint8Array().map((array) => new DataView(array.buffer)),
  typedArray,
)

const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 20 }),
    fc.dictionary(name, tie('value'), { maxKeys: 20, noNullPrototype: true }),
  ),
}))

test('every value of the list comes back as what it was', () => {
  fc.assert(
    fc.property(value, (given) => deepStrictEqual(roundTrip(given), given)),
    { numRuns: 2000 },
  )
})

test('undefined comes back by itself and is left out as a field', () => {
  expect(roundTrip(undefined)).toBe(undefined)
  expect(Object.keys(roundTrip({ a: 1, b: undefined }) as object)).toEqual(['a'])
})

test('-0 stays apart from 0 wherever it is', () => {
  expect(Object.is(roundTrip(-0), -0)).toBe(true)
  expect(Object.is((roundTrip({ a: [1, -0] }) as { a: number[] }).a[1], -0)).toBe(true)
})

test('long strings keep lone surrogates and a leading byte order mark', () => {
  const odd = [`\ufeff${'a'.repeat(300)}`, `${'a'.repeat(60)}\ud800`, `\udc00${'ü'.repeat(9000)}`]
  expect(roundTrip(odd)).toEqual(odd)
})

test('an object with a null prototype comes back as a plain object', () => {
  const given = Object.assign(Object.create(null), { a: 1 })
  expect(roundTrip(given)).toStrictEqual({ a: 1 })
})

test('a view of part of a buffer sends that part only', () => {
  const source = new Uint32Array([1, 2, 3, 4])
  expect(roundTrip(source.subarray(1, 3))).toStrictEqual(new Uint32Array([2, 3]))
  expect(roundTrip(new DataView(source.buffer, 4, 4))).toHaveProperty('byteLength', 4)
  expect(roundTrip(Buffer.from('abc'))).toStrictEqual(new Uint8Array([97, 98, 99]))
})

test('a decoded buffer shares no memory with the message', () => {
  const message = encodeValue({ a: new Uint8Array([1, 2, 3]) }, 'INVALID_INPUT')
  const { a } = decodeValue(message) as { a: Uint8Array }
  message.fill(0)
  expect(a).toEqual(new Uint8Array([1, 2, 3]))
  expect(a.buffer.byteLength).toBe(3)
})

class Point {
  x = 1
}

test.each([
  ['a Map', new Map(), 'an instance of Map'],
  ['a Set', new Set(), 'an instance of Set'],
  ['an Error', new Error('x'), 'an instance of Error'],
  ['a class instance', new Point(), 'an instance of Point'],
  ['a Blob', new Blob([]), 'an instance of Blob'],
  ['a promise', Promise.resolve(), 'an instance of Promise'],
  ['a regular expression', /a/, 'an instance of RegExp'],
  ['a shared buffer', new SharedArrayBuffer(1), 'an instance of SharedArrayBuffer'],
  ['a function', () => 1, 'a function'],
  ['a symbol', Symbol('a'), 'a symbol'],
  ['a bigint over 64 bits', 2n ** 64n, '64 bits'],
  ['a bigint under 64 bits', -(2n ** 63n) - 1n, '64 bits'],
])('%s is refused with its path', (_, bad, why) => {
  const error = refusal({ files: [{}, {}, { meta: bad }] })
  expect(error).toMatchObject({ name: 'NanopeerError', code: 'INVALID_INPUT' })
  expect(error.message).toContain('input.files[2].meta cannot be sent')
  expect(error.message).toContain(why)
  expect(refusal(bad, 'INVALID_OUTPUT').message).toMatch(/^output cannot be sent/)
})

test('undefined and holes in an array are refused, because nothing else can stand for them', () => {
  expect(refusal([1, undefined]).message).toContain('input[1] cannot be sent: it is undefined')
  // biome-ignore lint/suspicious/noSparseArray: that is the case
  expect(refusal({ list: [1, , 3] }).message).toContain('input.list[1]')
})

test('a refusal names the path wherever the bad value is', () => {
  fc.assert(
    fc.property(value, fc.array(fc.oneof(name, fc.nat(5)), { maxLength: 8 }), (filler, path) => {
      let given: unknown = new Map()
      let expected = ''
      for (const step of path) {
        if (typeof step === 'number') {
          given = [...Array(step).fill(filler), given]
          expected = `[${step}]${expected}`
        } else {
          given = { [step]: given }
          expected =
            (/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`) +
            expected
        }
      }
      expect(refusal(given).message).toBe(`input${expected} cannot be sent: it is an instance of Map.`)
    }),
  )
})

test('a value that contains itself is refused at the step back into itself', () => {
  const folder: Record<string, unknown> = { name: 'a' }
  folder.children = [{ parent: folder }]
  expect(refusal(folder).message).toBe('input.children[0].parent cannot be sent: it contains itself.')
})

test('a value used twice is no cycle', () => {
  const shared = { a: 1 }
  expect(roundTrip({ x: shared, y: [shared, shared] })).toEqual({ x: shared, y: [shared, shared] })
})

const nested = (depth: number) => {
  let given: unknown = 1
  for (let level = 0; level < depth; level++) given = level % 2 === 0 ? [given] : { a: given }
  return given
}

test('64 levels come back and 65 are refused', () => {
  expect(roundTrip(nested(64))).toEqual(nested(64))
  expect(refusal(nested(65)).message).toContain('nested more than 64 levels deep')
})

test('more than a million objects are TOO_LARGE', () => {
  const half = Array.from({ length: 1100 }, () => [])
  expect(refusal(Array.from({ length: 1000 }, () => half))).toMatchObject({ code: 'TOO_LARGE' })
})

test('a field named __proto__ is refused at the sender', () => {
  const given = JSON.parse('{ "a": { "__proto__": { "admin": true } } }')
  expect(refusal(given).message).toContain('input.a.__proto__ cannot be sent')
})

test('a getter that throws is refused with its error as the cause', () => {
  const cause = new Error('mine')
  const given = {
    get a() {
      throw cause
    },
  }
  expect(refusal(given)).toMatchObject({ code: 'INVALID_INPUT', cause })
})

test('a getter is read once, so what it answers the second time is never sent', () => {
  let reads = 0
  const given = {
    get a() {
      return reads++ === 0 ? 1 : new Map()
    },
    b: undefined,
  }
  expect(roundTrip(given)).toEqual({ a: 1 })
  expect(reads).toBe(1)
})

test('a getter that encodes another value, or fails to, disturbs nothing', () => {
  const inner: unknown[] = []
  const given = {
    before: 'x'.repeat(3000),
    get value() {
      inner.push(
        roundTrip({ deep: [1, { a: 'inner' }] }),
        refusal([new Map()]).message,
        encodeKey({ b: 1, a: 2 }),
      )
      return ['outer']
    },
    after: [1, 2],
  }
  expect(roundTrip(given)).toEqual({ before: given.before, value: ['outer'], after: [1, 2] })
  expect(inner.slice(0, 2)).toEqual([
    { deep: [1, { a: 'inner' }] },
    'input[0] cannot be sent: it is an instance of Map.',
  ])
  expect(inner[2]).toBe(encodeKey({ a: 2, b: 1 }))
  const bad = {
    get value() {
      refusal([new Map()])
      return { second: new Set() }
    },
  }
  expect(refusal(bad).message).toBe('input.value.second cannot be sent: it is an instance of Set.')
})

test('a buffer that was transferred is refused, never sent as empty', () => {
  const given = new Uint8Array(8)
  structuredClone(given, { transfer: [given.buffer] })
  expect(refusal({ a: given })).toMatchObject({ code: 'INVALID_INPUT' })
})

test('a refused value leaves nothing behind for the next one', () => {
  refusal({ a: [1, 2, new Map()] })
  expect(roundTrip({ a: [1, 2, 3] })).toEqual({ a: [1, 2, 3] })
})

test('equal inputs have equal keys whatever the order of their fields, and different ones differ', () => {
  const shuffled = (given: unknown): unknown => {
    if (Array.isArray(given)) return given.map(shuffled)
    if (typeof given !== 'object' || given === null || Object.getPrototypeOf(given) !== Object.prototype)
      return given
    return Object.fromEntries(
      Object.entries(given)
        .reverse()
        .map(([key, field]) => [key, shuffled(field)]),
    )
  }
  fc.assert(fc.property(value, (given) => encodeKey(shuffled(given)) === encodeKey(given)))
  expect(encodeKey({ a: 1, b: undefined })).toBe(encodeKey({ a: 1 }))
  const keys = [undefined, null, 0, -0, 1, 1n, '1', [1], { a: 1 }, {}, [], new Date(1), new Date(2)].map(
    encodeKey,
  )
  expect(new Set(keys).size).toBe(keys.length)
})

test('every prefix of a value and every value with more behind it is PROTOCOL', () => {
  fc.assert(
    fc.property(value, fc.uint8Array({ minLength: 1, maxLength: 4 }), (given, more) => {
      const whole = encodeValue(given, 'INVALID_INPUT')
      for (let length = 0; length < Math.min(whole.length, 200); length++) {
        expect(fault(whole.subarray(0, length))?.code).toBe('PROTOCOL')
      }
      expect(fault(Uint8Array.from([...whole, ...more]))?.code).toBe('PROTOCOL')
    }),
    { numRuns: 200 },
  )
})

test('random and mutated bytes are decoded or PROTOCOL, and nothing else is thrown', () => {
  const mutated = fc
    .tuple(value, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }))
    .map(([given, changes]) => {
      const whole = encodeValue(given, 'INVALID_INPUT')
      for (const [at, byte] of changes) whole[at % whole.length] = byte
      return whole
    })
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 64 }), mutated), (given) => {
      const error = fault(given)
      if (error !== null) expect(error).toMatchObject({ name: 'NanopeerError', code: 'PROTOCOL' })
    }),
    { numRuns: 5000 },
  )
})

test.each([
  ['no bytes at all', bytes()],
  ['an array that claims four thousand million items', bytes(0xdd, 0xff, 0xff, 0xff, 0xff)],
  [
    'nested arrays that each claim what is left',
    bytes(0xdc, 0, 9, 0xdc, 0, 8, 0xdc, 0, 7, 1, 1, 1, 1, 1, 1, 1),
  ],
  ['a map that claims more than is there', bytes(0xdf, 0xff, 0xff, 0xff, 0xff, 0xa1, 0x61, 1)],
  ['a string that claims more than is there', bytes(0xdb, 0xff, 0xff, 0xff, 0xff)],
  ['an extension that claims more than is there', bytes(0xc9, 0xff, 0xff, 0xff, 0xff, 2)],
  ['65 levels', Uint8Array.from([...Array(65).fill(0x91), 1])],
  ['a million levels', new Uint8Array(1_000_000).fill(0x91)],
  ['a name that is a number', bytes(0x81, 1, 1)],
  ['a name that is an array', bytes(0x81, 0x90, 1)],
  ['a name that is __proto__', bytes(0x81, 0xa9, ...new TextEncoder().encode('__proto__'), 0x80)],
  [
    'a name that is __proto__ as an extension',
    bytes(0x81, 0xc7, 18, 5, ...[...'__proto__'].flatMap((c) => [c.charCodeAt(0), 0]), 1),
  ],
  ['an unknown extension', bytes(0xd4, 99, 0)],
  ["msgpack's own timestamp", bytes(0xd6, 0xff, 0, 0, 0, 0)],
  ['bare binary', bytes(0xc4, 1, 0)],
  ['the byte that is never used', bytes(0xc1)],
  ['a date of 4 bytes', bytes(0xd6, 1, 0, 0, 0, 0)],
  ['a Float64Array of 4 bytes', bytes(0xd6, 26, 0, 0, 0, 0)],
])('%s is PROTOCOL', (_, given) => {
  expect(fault(given)?.code).toBe('PROTOCOL')
})

test('sixteen million empty objects are refused before they are made', () => {
  const given = new Uint8Array(16_777_216).fill(0x80)
  given.set([0xdd, 0, 0xff, 0xff, 0xfb])
  expect(fault(given)?.message).toContain('too many objects')
})

test('names such as constructor become fields of the object itself and change nothing else', () => {
  const given = JSON.parse('{ "constructor": { "prototype": { "admin": true } }, "toString": 1 }')
  deepStrictEqual(roundTrip(given), given)
  expect(({} as { admin?: unknown }).admin).toBe(undefined)
})

test('an invalid date comes back invalid', () => {
  const given = roundTrip({ at: new Date(Number.NaN) }) as { at: Date }
  expect(given.at).toBeInstanceOf(Date)
  expect(given.at.getTime()).toBeNaN()
})

test('a text that is cut short within its last letter changes nothing of those after it', () => {
  for (const lead of [0xc3, 0xe5, 0xf0]) decodeValue(Uint8Array.from([0xa2, 0x61, lead]))
  for (const text of ['ab', 'é', 'a', '']) expect(decodeValue(encodeValue(text, 'INVALID_INPUT'))).toBe(text)
})
