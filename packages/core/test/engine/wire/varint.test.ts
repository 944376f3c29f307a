import { describe, expect, test } from 'vitest'
import { decodeVarint, encodeVarint } from '../../../src/engine/wire/varint'

const outOfRange = expect.objectContaining({ code: 'PROTOCOL', message: expect.stringContaining('range') })

describe('a number on the wire', () => {
  test.each([0, 1, 0x7f, 0x80, 0x3fff, 0x4000, 2 ** 32, Number.MAX_SAFE_INTEGER])(
    'comes back: %i',
    (value) => {
      expect(decodeVarint(encodeVarint(value))).toBe(value)
    },
  )

  test('may not be above 2⁵³ − 1', () => {
    const above = encodeVarint(Number.MAX_SAFE_INTEGER)
    above[7] = (above[7] as number) + 1
    expect(() => decodeVarint(above)).toThrow(outOfRange)
  })

  test.each([9, 200, 262_000])('is no message of padding: %i bytes', (length) => {
    const padded = new Uint8Array(length).fill(0x80)
    padded[length - 1] = 0
    expect(() => decodeVarint(padded)).toThrow(outOfRange)
  })
})
