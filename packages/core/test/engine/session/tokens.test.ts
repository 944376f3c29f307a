import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Tokens } from '../../../src/engine/session/tokens'

/** Who holds a token shows it as it is. */
const shown = (token: string) => token

test('a remote that missed any number of our tokens is still known', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 40 }), (heard) => {
      const tokens = new Tokens()
      let held: string | null = null
      for (const isHeard of heard) {
        expect(tokens.accept(held, shown)).toBe(true)
        const token = tokens.tell(true)
        if (isHeard) held = token
      }
      expect(tokens.accept(held, shown)).toBe(true)
    }),
  )
})

test('a token is void once a later one was presented', () => {
  const tokens = new Tokens()
  const first = tokens.tell(true)
  expect(tokens.accept(first, shown)).toBe(true)
  const second = tokens.tell(true)
  expect(second).not.toBe(first)
  expect(tokens.accept(second, shown)).toBe(true)
  expect(tokens.accept(first, shown)).toBe(false)
  expect(tokens.accept(null, shown)).toBe(false)
  expect(tokens.accept('guess', shown)).toBe(false)
})
