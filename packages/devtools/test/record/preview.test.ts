import { describe, expect, test } from 'vitest'
import { hasSecrets, previewOf, printPreview } from '../../src/record/preview'

const print = (value: unknown, reveals?: boolean) => printPreview(previewOf(value), reveals)

describe('a preview', () => {
  test.each<[unknown, string]>([
    [undefined, 'undefined'],
    [null, 'null'],
    [12n, '12n'],
    ['a "word"', '"a \\"word\\""'],
    [{ path: 'sketches', 'two words': [1, true] }, '{ path: "sketches", "two words": [1, true] }'],
    [{}, '{}'],
    [[], '[]'],
    [new Uint8Array(7), 'Uint8Array of 7 bytes'],
    [new Date(0), 'Date(1970-01-01T00:00:00.000Z)'],
    [new Date(Number.NaN), 'Date(invalid)'],
    [new Map([[1, 2]]), 'Map of 1'],
    [new Error('no'), 'Error: no'],
    ['\u202egnp.exe\u2069', '"%E2%80%AEgnp.exe%E2%81%A9"'],
    [{ 'a\u2066b': new Error('one\ntwo\u009b') }, '{ "a%E2%81%A6b": Error: one%0Atwo%C2%9B }'],
  ])('of %o is as in code', (value, text) => {
    expect(print(value)).toBe(text)
  })

  test('hides what fields hold that look like secrets, and what is below them, until it is asked for', () => {
    const value = { user: 'ada', password: 'hunter2', nested: { accessToken: { raw: 'abc' } }, pin: 1234 }
    expect(print(value)).toBe(
      '{ user: "ada", password: ••••••, nested: { accessToken: { raw: •••••• } }, pin: •••••• }',
    )
    expect(print(value, true)).toContain('hunter2')
    expect(hasSecrets(previewOf(value))).toBe(true)
    expect(hasSecrets(previewOf({ path: 'pinboard', monkey: 1 }))).toBe(false)
  })

  test('is bounded, and says that something was left out', () => {
    const wide = previewOf(Array.from({ length: 1000 }, (_, index) => index))
    expect(printPreview(wide)).toMatch(/… 9\d\d more\]$/)
    expect(wide.isWhole).toBe(false)
    const long = previewOf('x'.repeat(5000))
    expect(printPreview(long).length).toBeLessThan(300)
    expect(long.isWhole).toBe(false)
    const circle: { self?: unknown } = {}
    circle.self = circle
    expect(print(circle)).toContain('{…}')
    expect(previewOf({ path: '/' }).isWhole).toBe(true)
  })

  test('is of the moment, and calls nothing of the value’s own', () => {
    const value = {
      count: 1,
      get trap(): never {
        throw new Error('read')
      },
      toJSON(): never {
        throw new Error('called')
      },
    }
    const preview = previewOf(value)
    value.count = 2
    expect(printPreview(preview)).toBe('{ count: 1, trap: undefined, toJSON: function }')
  })
})
