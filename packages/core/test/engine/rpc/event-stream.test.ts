import { expect, test } from 'vitest'
import { decodeWeighed } from '../../../src/codec/read'
import { encodeValue } from '../../../src/codec/write'
import { arrivedEvent } from '../../../src/engine/rpc/event-stream'

const arrived = (value: unknown) => {
  const bytes = encodeValue(value, 'INVALID_OUTPUT')
  return { bytes, event: arrivedEvent(decodeWeighed(bytes), bytes) }
}

test('an ordinary event waits as the value that it is', () => {
  for (const value of [1, 'text', {}, { a: 1, b: [1, 2] }, { bytes: new Uint8Array(1000) }])
    expect(arrived(value).event).toEqual({ value, encoded: null })
})

test('an event that takes far more memory than bytes waits as its bytes', () => {
  const { event, bytes } = arrived(Array.from({ length: 1000 }, () => ({})))
  expect(event).toEqual({ value: null, encoded: bytes })
})
