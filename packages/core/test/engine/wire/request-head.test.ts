import { expect, test } from 'vitest'
import { encodeValue } from '../../../src/codec/write'
import { decodeRequest, type RequestHead } from '../../../src/engine/wire/request-head'
import { encodeRequest } from '../../support/encode-request'

const plain: RequestHead = { action: 'files', kind: 'value', body: null, requestId: null }
const input = encodeValue({ path: '/' }, 'INVALID_INPUT')

const heads: RequestHead[] = [
  plain,
  { ...plain, kind: 'bytes' },
  { ...plain, requestId: 'again' },
  { ...plain, body: { size: 7 } },
  { ...plain, body: { size: null } },
  // More than are remembered.
  ...Array.from({ length: 40 }, (_, number) => ({ ...plain, action: `files ${number}` })),
]

test('a head is read as what it says, however often and in whatever order', () => {
  for (let round = 0; round < 3; round++) {
    for (const head of [...heads, ...[...heads].reverse(), plain]) {
      expect(decodeRequest(encodeRequest(head, input))).toEqual({ head, input })
    }
  }
})

test('what is remembered of a head does not change with the message that it came in', () => {
  const message = encodeRequest(plain, input)
  decodeRequest(message)
  message.fill(0xc1)
  expect(decodeRequest(encodeRequest(plain, input)).head).toEqual(plain)
})
