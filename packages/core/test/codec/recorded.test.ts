import { deepStrictEqual } from 'node:assert'
import { describe, expect, test } from 'vitest'
import { decodeValue } from '../../src/codec/read'
import { encodeKey, encodeValue } from '../../src/codec/write'
import { decodeFailure } from '../../src/engine/wire/failure'
import { decodeHello, decodeReady } from '../../src/engine/wire/hello'
import { decodeRequest } from '../../src/engine/wire/request-head'
import { recordedKeys, recordedPayloads, recordedValues } from './recorded'

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** As `decodeValue` gives it: no undefined fields, and no view of part of a buffer. */
const received = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(received)
  if (value instanceof DataView) {
    return new DataView(value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength))
  }
  if (Object.prototype.toString.call(value) !== '[object Object]') return value
  const fields = Object.entries(value as object).filter(([, field]) => field !== undefined)
  return Object.fromEntries(fields.map(([key, field]) => [key, received(field)]))
}

/** An invalid date equals nothing, itself included. */
const comparable = (value: unknown): unknown => (value instanceof Date ? [value.getTime()] : value)

describe('what version 0.1 wrote', () => {
  test.each(recordedValues.map(([value, hex]) => [hex.slice(0, 24), value, hex]))(
    '%s… is written as it was, and read as the same value',
    (_, value, hex) => {
      expect(hexOf(encodeValue(value, 'INVALID_INPUT'))).toBe(hex)
      const decoded = decodeValue(Buffer.from(hex as string, 'hex'))
      deepStrictEqual(comparable(decoded), comparable(received(value)))
    },
  )

  test('keys of inputs are what they were', () => {
    for (const [value, hex] of recordedKeys) {
      expect(Buffer.from(encodeKey(value), 'latin1').toString('hex')).toBe(hex)
    }
  })

  test.each(recordedPayloads)('%s is written as it was', (_, encode, hex) => {
    expect(hexOf(encode())).toBe(hex)
  })

  test('each payload is read as what it says', () => {
    const payload = (name: string): Uint8Array => {
      const found = recordedPayloads.find(([other]) => other === name)
      if (!found) throw new Error(`There is no payload "${name}".`)
      return Buffer.from(found[2], 'hex')
    }
    expect(decodeHello(payload('HELLO that begins a session'))).toMatchObject({
      from: '0f8fad5b-d9cb-469f-a165-70867728950e',
      to: null,
      window: 262_144,
      nonce: null,
    })
    expect(decodeHello(payload('HELLO that resumes one, with a nonce'))).toMatchObject({
      link: 70_000,
      age: 86_400_000_000,
      nonce: new Uint8Array(32).fill(7),
    })
    expect(decodeReady(payload('READY after many frames'))).toEqual({
      received: 5_000_000_000,
      token: 'Zz09-_',
      metadata: null,
    })
    const { head, input } = decodeRequest(payload('REQUEST with a request id'))
    expect(head).toEqual({ action: 'files.read', kind: 'bytes', body: null, requestId: '7b0f-1' })
    expect(decodeValue(input)).toEqual({ path: '/ä/b.txt', from: 10 })
    expect(decodeRequest(payload('REQUEST with an upload of any size')).head.body).toEqual({ size: null })
    expect(decodeFailure(payload('FAIL with an error of nanopeer'))).toMatchObject({ code: 'UNKNOWN_ACTION' })
    expect(decodeFailure(payload('FAIL with an error of the application'))).toMatchObject({
      code: 404,
      message: 'No such folder',
      data: { path: '/ä' },
    })
  })
})
