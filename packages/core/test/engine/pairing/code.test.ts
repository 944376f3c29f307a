import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  codeOf,
  createDigits,
  createToken,
  createWords,
  qrTextOf,
  readInvitation,
} from '../../../src/engine/pairing/code'
import { words } from '../../../src/engine/pairing/words'

const key = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567ABCDEFGHIJKLMNOPQRST'
const wrong = (message: string | RegExp) =>
  expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringMatching(message) })

describe('a pairing code', () => {
  it('is read as it was made', () => {
    for (let count = 0; count < 500; count++) {
      const [digits, password] = [createDigits(), createWords()]
      const read = readInvitation(codeOf(digits, password))
      expect(read).toEqual({ digits, password, form: 'code', expected: null })
    }
  })

  it.each([
    '482913-abandon-zoo',
    ' 482913 abandon zoo ',
    '482 913 ABANDON ZOO',
    '482.913 – Abandon, zoo',
    '482913.abandon.zoo',
    '４８２９１３　ａｂａｎｄｏｎ－ｚｏｏ',
    'abandon zoo 482913',
    '482913-aban-zoo',
    '482913abandon/zoo',
  ])('may be typed as %j', (typed) => {
    expect(readInvitation(typed)).toMatchObject({ digits: '482913', password: 'abandon-zoo' })
  })

  it.each([
    ['', /6 digits and 2 words/],
    ['482913', /6 digits and 2 words/],
    ['48291-abandon-zoo', /6 digits and 2 words/],
    ['4829134-abandon-zoo', /6 digits and 2 words/],
    ['482913-abandon', /6 digits and 2 words/],
    ['482913-abandon-zoo-zoo', /6 digits and 2 words/],
    ['482913-abandn-zoo', /“abandn” is no word/],
    ['482913-aba-zoo', /“aba” is no word/],
    ['482913-äbandon-zoo', /“äbandon” is no word/],
  ])('is refused with what is wrong: %j', (typed, message) => {
    expect(() => readInvitation(typed)).toThrow(wrong(message))
  })

  it('has words that are told apart by four letters', () => {
    expect(words).toHaveLength(2048)
    expect(new Set(words.map((word) => word.slice(0, 4))).size).toBe(2048)
    for (const word of words) {
      const typed = readInvitation(`000000 ${word.slice(0, 4)} ${word}`)
      expect(typed.password).toBe(`${word}-${word}`)
    }
  })

  it('is drawn from all digits and all words', () => {
    const drawn = Array.from({ length: 40_000 }, () => createWords().split('-')).flat()
    expect(new Set(drawn).size).toBe(2048)
    expect(new Set(Array.from({ length: 200 }, () => createDigits()[0])).size).toBe(10)
  })
})

describe('a QR text', () => {
  it('is read as it was made, whatever the id', () => {
    for (const id of ['nas', 'my living room', 'a_b-c 1']) {
      const [digits, token] = [createDigits(), createToken()]
      const text = qrTextOf(digits, token, { id, key })
      expect(text).toMatch(/^[A-Za-z0-9.%_-]+$/)
      expect(readInvitation(text)).toEqual({ digits, password: token, form: 'qr', expected: { id, key } })
    }
  })

  it.each([
    `482913.${key}.nas`,
    `482913.ABCDEFGHIJKLMNOPQRSTUVWXYZ.${key}`,
    `482913.ABCDEFGHIJKLMNOPQRSTUVWXY.${key}.nas`,
    `48291.ABCDEFGHIJKLMNOPQRSTUVWXYZ.${key}.nas`,
    `482913.ABCDEFGHIJKLMNOPQRSTUVWXYZ.${key.toLowerCase()}.nas`,
    `482913.ABCDEFGHIJKLMNOPQRSTUVWXYZ.${key}.-`,
    `482913.ABCDEFGHIJKLMNOPQRSTUVWXYZ.${key}.%`,
    `482913.ABCDEFGHIJKLMNOPQRSTUVWXYZ.${key}.nas.more`,
    `https://example.com/#482913.${key}`,
  ])('is refused where it is something else: %j', (text) => {
    expect(() => readInvitation(text)).toThrow(wrong(/not a QR code for pairing/))
  })
})

it('reads nothing else, and throws nothing but what it says', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 120 }), (text) => {
      expect(() => readInvitation(text)).toThrow(wrong(''))
    }),
    { numRuns: 5000 },
  )
})
