import fc from 'fast-check'
import { util } from 'peerjs'
import { describe, expect, test } from 'vitest'
import type { NanopeerError } from '../../../src/base/errors'
import { type Codec, createCodec } from '../../../src/engine/plain/codec'
import { decodeWhole } from '../../support/decode-whole'

const MiB = 1024 * 1024
const binary = (messageSize = 16 * MiB, maxMessageSize: number | null = 262_144) =>
  createCodec('binary', { messageSize, maxMessageSize })

/** What the code is of what `run` throws. */
const codeOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    return (error as NanopeerError).code
  }
  return 'nothing thrown'
}

const messageOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    return (error as NanopeerError).message
  }
  return 'nothing thrown'
}

const only = (codec: Codec, value: unknown): ArrayBuffer => {
  const [message, ...more] = codec.encode(value)
  expect(more).toEqual([])
  return (message as Uint8Array<ArrayBuffer>).slice().buffer
}

const toPeerjs = (value: unknown): unknown => util.unpack(only(binary(), value))
const fromPeerjs = (value: never): unknown =>
  (decodeWhole(binary(), new Uint8Array(util.pack(value) as ArrayBuffer)) as { value: unknown }).value

/** PeerJS takes these names for its own, or for the object's. */
const isOrdinary = (name: string) =>
  !['__proto__', '__peerData', 'constructor', 'hasOwnProperty', 'BYTES_PER_ELEMENT'].includes(name)

/** What both directions carry unchanged. */
const common = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, false),
    fc.integer({ min: -(2 ** 31) + 1, max: 2 ** 32 - 1 }),
    fc.string({ unit: 'grapheme' }),
    fc.uint8Array().map((bytes) => bytes.slice().buffer),
    fc.array(tie('value'), { maxLength: 20 }),
    fc.dictionary(fc.string({ unit: 'grapheme' }).filter(isOrdinary), tie('value'), {
      maxKeys: 20,
      noNullPrototype: true,
    }),
  ),
})).value

const anyNumber = fc
  .double({ noNaN: true })
  .filter((value) => !Object.is(value, -0) && (value === 0 || Math.abs(value) >= 2 ** -1022))

describe('the binary serialization', () => {
  test('what it packs PeerJS unpacks as the same value', () => {
    fc.assert(
      fc.property(common, (value) => {
        expect(toPeerjs(value)).toEqual(value)
      }),
    )
  })

  test('what PeerJS packs it unpacks as the same value', () => {
    fc.assert(
      fc.property(common, (value) => {
        expect(fromPeerjs(value as never)).toEqual(value)
      }),
    )
  })

  test('every number but NaN, -0 and the denormal ones reaches PeerJS, whose own packer breaks many', () => {
    fc.assert(
      fc.property(anyNumber, (value) => {
        expect(toPeerjs(value)).toBe(value)
      }),
    )
    for (const value of [
      Infinity,
      -Infinity,
      1e21,
      2 ** 63,
      2 ** 64,
      -(2 ** 31) - 1,
      2 ** 53 - 1,
      1 - 2 ** -53,
    ]) {
      expect(toPeerjs(value)).toBe(value)
    }
    expect(() => util.pack(Infinity)).toThrow()
    expect(util.unpack(util.pack(Number.NaN) as ArrayBuffer)).not.toBeNaN()
  })

  test('long texts, byte strings, arrays and objects keep their length across every size of header', () => {
    for (const size of [15, 16, 255, 256, 65_535, 65_536]) {
      const text = 'x'.repeat(size)
      const list = Array.from({ length: size }, () => 1)
      const object = Object.fromEntries(list.map((_, index) => [`k${index}`, 1]))
      for (const value of [text, list, object, new Uint8Array(size).buffer]) {
        const codec = binary()
        const messages = codec.encode(value).map((message) => decodeWhole(codec, message))
        expect(messages.at(-1)).toMatchObject({ kind: 'value', value })
      }
      expect(fromPeerjs(text as never)).toBe(text)
    }
  })

  test('an undefined field arrives as null, a date as its ISO text, typed arrays as their bytes', () => {
    expect(toPeerjs({ a: undefined, b: [undefined] })).toEqual({ a: null, b: [null] })
    expect(toPeerjs(new Date(0))).toBe('1970-01-01T00:00:00.000Z')
    const part = new Uint8Array([1, 2, 3, 4]).subarray(1, 3)
    expect(new Uint8Array(toPeerjs(part) as ArrayBuffer)).toEqual(new Uint8Array([2, 3]))
    expect((toPeerjs(new DataView(new ArrayBuffer(3))) as ArrayBuffer).byteLength).toBe(3)
  })

  test('a value that PeerJS would deliver as another one is refused, and named', () => {
    const check = (value: unknown) => messageOf(() => binary().check(value, 'INVALID_INPUT'))
    expect(check({ sizes: [1, Number.NaN] })).toMatch(/^input\.sizes\[1\] cannot be sent: .*NaN/)
    expect(check({ total: 1n })).toMatch(/^input\.total .*bigint/)
    expect(check(5e-324)).toMatch(/^input cannot .*close to 0/)
    expect(check(new Date(Number.NaN))).toMatch(/date/)
    expect(check({ fine: [0, -0, 'text', null, undefined, new Date()] })).toBe('nothing thrown')
    expect(messageOf(() => binary().check(Number.NaN, 'INVALID_OUTPUT'))).toMatch(/^output/)
  })

  test('a large value goes in pieces that PeerJS puts together, in any order', () => {
    const value = { name: 'large', bytes: Uint8Array.from({ length: 200_007 }, (_, index) => index * 7) }
    const bytes = value.bytes.buffer
    for (const maxMessageSize of [null, 262_144]) {
      const messages = binary(16 * MiB, maxMessageSize).encode(value)
      expect(messages.length).toBeGreaterThan(1)
      const receiver = binary()
      const decoded = messages.reverse().map((message) => decodeWhole(receiver, message))
      expect(decoded.slice(0, -1).every(({ kind }) => kind === 'part')).toBe(true)
      expect(decoded.at(-1)).toMatchObject({ kind: 'value', value: { name: 'large', bytes } })
    }
  })

  test('no message is larger than what the path takes', () => {
    const value = new Uint8Array(300_000)
    const largest = (limit: number | null) =>
      Math.max(
        ...binary(16 * MiB, limit)
          .encode(value)
          .map(({ length }) => length),
      )
    expect(largest(null)).toBeLessThanOrEqual(16_384)
    expect(largest(16_384)).toBeLessThanOrEqual(16_384)
    expect(largest(65_536)).toBeLessThanOrEqual(65_536)
  })

  test("PeerJS's goodbye is one", () => {
    const goodbye = util.pack({ __peerData: { type: 'close' } }) as ArrayBuffer
    expect(decodeWhole(binary(), new Uint8Array(goodbye))).toEqual({ kind: 'close' })
  })
})

describe('what a stranger sends', () => {
  const decode = (bytes: number[], codec = binary()) => decodeWhole(codec, new Uint8Array(bytes))

  test('is a value, or PROTOCOL or TOO_LARGE, whatever the bytes', () => {
    const codes = ['nothing thrown', 'PROTOCOL', 'TOO_LARGE']
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        for (const name of ['binary', 'json', 'raw']) {
          const codec = createCodec(name, { messageSize: 10_000, maxMessageSize: null })
          expect(codes).toContain(codeOf(() => decodeWhole(codec, bytes)))
        }
      }),
    )
  })

  test('five bytes that announce four billion items are refused before anything is made of them', () => {
    for (const tag of [0xd9, 0xdb, 0xdd, 0xdf]) {
      expect(codeOf(() => decode([tag, 0xff, 0xff, 0xff, 0xff]))).toBe('PROTOCOL')
    }
  })

  test('more entries than a value may hold are refused before anything is made of them', () => {
    const flood = (header: number[], unit: number[]) => {
      const bytes = new Uint8Array(header.length + 1_000_000 * unit.length)
      bytes.set(header)
      for (let index = header.length; index < bytes.length; index++) {
        bytes[index] = unit[(index - header.length) % unit.length] as number
      }
      return bytes
    }
    const count = [0, 0x0f, 0x42, 0x40]
    const before = process.memoryUsage().heapUsed
    for (const bytes of [
      flood([0xdf, ...count], [0xb1, 0x61, 1]),
      flood([0xdd, ...count], [1]),
      flood([0xdd, ...count], [0x80]),
      flood([0xdd, ...count], [0xa0]),
    ]) {
      expect(messageOf(() => decodeWhole(binary(), bytes))).toContain('too many objects and entries')
    }
    const json = createCodec('json', { messageSize: 32 * MiB, maxMessageSize: null })
    for (const unit of ['1,', '{},', '[],', '"\\"":1,', '[[[', '{"a":']) {
      const bytes = new TextEncoder().encode(`[${unit.repeat(1_000_000)}`)
      expect(messageOf(() => decodeWhole(json, bytes))).toMatch(/too many objects and entries|too deeply/)
    }
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(64 * MiB)
  })

  test('what looks like JSON inside a text is text', () => {
    const json = createCodec('json', { messageSize: 32 * MiB, maxMessageSize: null })
    const value = ['[{,'.repeat(300_000), '\\"[,\\'.repeat(100_000), '"'.repeat(100_000)]
    const bytes = new TextEncoder().encode(JSON.stringify(value))
    expect(decodeWhole(json, bytes)).toMatchObject({ kind: 'value', value })
  })

  test('a value is weighed by about what it takes in memory', () => {
    const value = Array.from({ length: 10_000 }, () => ({}))
    const bytes = binary().encode(value)[0] as Uint8Array
    const json = createCodec('json', { messageSize: MiB, maxMessageSize: null })
    for (const decoded of [
      decodeWhole(binary(), bytes),
      decodeWhole(json, new TextEncoder().encode(JSON.stringify(value))),
    ]) {
      expect((decoded as { weight: number }).weight).toBeGreaterThan(600_000)
      expect((decoded as { weight: number }).weight).toBeLessThan(2_000_000)
    }
  })

  test('nesting without end is refused', () => {
    expect(codeOf(() => decode(Array.from({ length: 100_000 }, () => 0x91)))).toBe('PROTOCOL')
    const json = createCodec('json', { messageSize: 16 * MiB, maxMessageSize: null })
    expect(codeOf(() => decodeWhole(json, new TextEncoder().encode('['.repeat(1e5) + ']'.repeat(1e5))))).toBe(
      'PROTOCOL',
    )
  })

  test('a name like __proto__ is refused', () => {
    const value = JSON.parse('{"__proto__":{"admin":true}}')
    const bytes = binary().encode(value)[0] as Uint8Array
    expect(codeOf(() => decodeWhole(binary(), bytes))).toBe('PROTOCOL')
  })

  test('pieces of a value over the limit are refused, and so are many values that are never finished', () => {
    const messages = binary(MiB, null).encode(new Uint8Array(400_000))
    const small = binary(200_000)
    expect(codeOf(() => messages.map((message) => decodeWhole(small, message)))).toBe('TOO_LARGE')
    const hoarder = binary(200_000)
    const begin = (id: number) =>
      decodeWhole(
        hoarder,
        new Uint8Array(
          util.pack({ __peerData: id, n: 0, total: 2, data: new ArrayBuffer(10) }) as ArrayBuffer,
        ),
      )
    expect(codeOf(() => Array.from({ length: 100_000 }, (_, index) => begin(index + 1)))).toBe('TOO_LARGE')
  })

  test('pieces that cannot be are refused, and one that comes twice counts once', () => {
    const piece = (fields: object) =>
      new Uint8Array(
        util.pack({
          __peerData: 1,
          n: 0,
          total: 2,
          data: new Uint8Array([0x91]).buffer,
          ...fields,
        }) as ArrayBuffer,
      )
    for (const fields of [
      { n: 2 },
      { n: -1 },
      { n: 'x' },
      { total: 0 },
      { total: 1.5 },
      { data: 'x' },
      { __peerData: 'x' },
    ]) {
      expect(codeOf(() => decodeWhole(binary(), piece(fields)))).toBe('PROTOCOL')
    }
    const codec = binary()
    expect(decodeWhole(codec, piece({}))).toEqual({ kind: 'part' })
    expect(decodeWhole(codec, piece({}))).toEqual({ kind: 'part' })
    expect(codeOf(() => decodeWhole(codec, piece({ n: 9, total: 10 })))).toBe('PROTOCOL')
    expect(decodeWhole(codec, piece({ n: 1, data: new Uint8Array([7]).buffer }))).toMatchObject({
      kind: 'value',
    })
  })
})

describe('the other serializations', () => {
  const json = createCodec('json', { messageSize: 1000, maxMessageSize: 500 })
  const raw = createCodec('raw', { messageSize: 1000, maxMessageSize: 500 })

  test('JSON carries what JSON can, in one message', () => {
    const [message] = json.encode({ a: [1, 'x', null] })
    expect(decodeWhole(json, message as Uint8Array)).toMatchObject({
      kind: 'value',
      value: { a: [1, 'x', null] },
    })
    expect(messageOf(() => json.check({ a: [Infinity] }, 'INVALID_INPUT'))).toMatch(/input\.a\[0\].*Infinity/)
    expect(messageOf(() => json.check({ a: new Uint8Array(1) }, 'INVALID_OUTPUT'))).toMatch(
      /output\.a.*bytes/,
    )
    expect(codeOf(() => json.encode('x'.repeat(500)))).toBe('TOO_LARGE')
    expect(codeOf(() => decodeWhole(json, new Uint8Array(1001)))).toBe('TOO_LARGE')
  })

  test('raw carries bytes', () => {
    const [message] = raw.encode(new Uint8Array([1, 2]))
    expect(decodeWhole(raw, message as Uint8Array)).toMatchObject({
      kind: 'value',
      value: new Uint8Array([1, 2]).buffer,
    })
    expect(codeOf(() => raw.check('text', 'INVALID_INPUT'))).toBe('INVALID_INPUT')
    expect(codeOf(() => raw.encode(new Uint8Array(501)))).toBe('TOO_LARGE')
  })

  test("a serialization of somebody's own is UNSUPPORTED", () => {
    expect(codeOf(() => createCodec('cbor', { messageSize: 1, maxMessageSize: 1 }))).toBe('UNSUPPORTED')
  })
})
