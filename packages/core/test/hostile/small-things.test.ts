import { expect, test } from 'vitest'
import { parseJson } from '../../src/engine/plain/json'
import { tokenFor, tokenOf } from '../../src/engine/signalling/token'

test('each server hears a token of its own, from which no other can be told', () => {
  const token = tokenOf('nas')
  const [first, second] = ['https://one.example:443/', 'https://two.example:443/'].map((name) =>
    tokenFor(token, name),
  )
  expect(first).not.toBe(second)
  expect([first, second]).not.toContain(token.value)
  expect(tokenFor(tokenOf('nas'), 'https://one.example:443/')).toBe(first)
})

test.each(['{"__proto__": {"isAdmin": true}}', '{"a": [{"\\u005f_proto__": 1}]}', '{"__pr\\u006fto__": 1}'])(
  'a JSON client cannot name a field __proto__: %s',
  (text) => {
    expect(() => parseJson(new TextEncoder().encode(text))).toThrow(
      expect.objectContaining({ code: 'PROTOCOL' }),
    )
  },
)

test('a JSON client may speak of it', () => {
  const text = JSON.stringify({ about: '__proto__ and \u0001' })
  expect(parseJson(new TextEncoder().encode(text)).value).toEqual({ about: '__proto__ and \u0001' })
})
