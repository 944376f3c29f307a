import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Tokens } from '../../../src/engine/session/tokens'

test('a remote that missed any number of our tokens is still known', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 40 }), (heard) => {
      const tokens = new Tokens()
      let held: string | null = null
      for (const isHeard of heard) {
        expect(tokens.accept(held)).toBe(true)
        const token = tokens.issue()
        if (isHeard) held = token
      }
      expect(tokens.accept(held)).toBe(true)
    }),
  )
})

test('a token is void once a later one was presented', () => {
  const tokens = new Tokens()
  const first = tokens.issue()
  expect(tokens.accept(first)).toBe(true)
  const second = tokens.issue()
  expect(second).not.toBe(first)
  expect(tokens.accept(second)).toBe(true)
  expect(tokens.accept(first)).toBe(false)
  expect(tokens.accept(null)).toBe(false)
  expect(tokens.accept('guess')).toBe(false)
})
