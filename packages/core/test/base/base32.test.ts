import { expect, test } from 'vitest'
import { encodeBase32 } from '../../src/base/base32'

test.each([
  ['', ''],
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foo', 'MZXW6'],
  ['foob', 'MZXW6YQ'],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI'],
])('%j is the %j of RFC 4648 §10, without its padding', (text, expected) => {
  expect(encodeBase32(new TextEncoder().encode(text))).toBe(expected)
})
