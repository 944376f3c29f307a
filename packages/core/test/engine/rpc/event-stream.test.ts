import { expect, test } from 'vitest'
import { encodeValue } from '../../../src/codec/write'
import { arrivedEvent } from '../../../src/engine/rpc/event-stream'

const arrived = (value: unknown) => arrivedEvent(encodeValue(value, 'INVALID_OUTPUT'))

test('an ordinary event waits as the value that it is', () => {
  for (const value of [1, 'text', {}, { a: 1, b: [1, 2] }, { bytes: new Uint8Array(1000) }]) {
    const event = arrived(value)
    expect(event.value).toEqual(value)
    if (typeof value === 'object') expect(event.value).toBe(event.value)
  }
})

test('an event that takes far more memory than bytes waits as its bytes', () => {
  const value = Array.from({ length: 1000 }, () => ({}))
  const event = arrived(value)
  expect(event.value).toEqual(value)
  expect(event.value).not.toBe(event.value)
})

test('an event that is no value is PROTOCOL at once', () => {
  expect(() => arrivedEvent(Uint8Array.of(0xdd, 0xff))).toThrow('malformed')
})
