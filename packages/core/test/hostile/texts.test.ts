import { describe, expect, test } from 'vitest'
import { action } from '../../src/base/action'
import { ActionError, NanopeerError } from '../../src/base/errors'
import { encodeValue } from '../../src/codec/write'
import { asEnvelope, createEnvelope, replied, replyOf } from '../../src/engine/plain/envelope'
import { parseJson } from '../../src/engine/plain/json'
import { errorTextOf } from '../../src/engine/signalling/server-messages'
import { byeError, decodeFailure, encodeFailure } from '../../src/engine/wire/failure'
import { FrameType } from '../../src/engine/wire/frame'
import { decodeRequest } from '../../src/engine/wire/request-head'
import { errorOf } from '../../src/remote-store/wire'
import { encodeRequest } from '../support/encode-request'
import { createPair } from '../support/pair'
import { frame } from './mallory'

/** Clears the screen, sets the window's title, rings the bell, forges a line, and turns the rest around. */
const escapes = '\u001b[2J\u001b]0;root\u0007\u009b31m\r\nnanopeer: all is well\u202e\u2066\u007f\u0000'
const evil = `${escapes}No such file`
const unprintable = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u

const expectClean = (text: string) => {
  expect(text).not.toMatch(unprintable)
  expect(text.length).toBeLessThanOrEqual(1024)
}

const caught = (act: () => unknown): Error => {
  try {
    act()
  } catch (error) {
    return error as Error
  }
  throw new Error('nothing was thrown')
}

const long = `${evil}${'x'.repeat(100_000)}`

describe('what a remote words reaches no terminal with its escape sequences, and is not longer than a message', () => {
  test.each([evil, long])('a goodbye', (text) => {
    const payload = encodeValue(['REFUSED', text], 'INVALID_INPUT')
    const error = byeError(frame(FrameType.Bye, 0, payload))
    expectClean(error.message)
    expectClean(String(error.stack?.split('\n')[0]).replace(/^\w+: /, ''))
  })

  test.each([evil, long])('an error of nanopeer, in answer to a request', (text) => {
    expectClean(decodeFailure(encodeValue(['REFUSED', text], 'INVALID_INPUT')).message)
  })

  test.each([evil, long])('an ActionError, from a device or from an article-style wrapper', (text) => {
    expectClean(decodeFailure(encodeFailure(new ActionError(404, text))).message)
    const envelope = createEnvelope('files', '1', null)
    expectClean(replyOf(replied(envelope, { code: 404, data: null, message: text })).message)
  })

  test.each([evil, long])('why a remote store is not there, or was not written', (text) => {
    expectClean(errorOf([404, text]).message)
    expectClean(errorOf(['REFUSED', text]).message)
  })

  test('the reason of a signalling server', () => {
    expectClean(errorTextOf({ payload: { msg: evil } }))
  })

  test('what is no JSON, which is printed with its cause', () => {
    const thrown = caught(() => parseJson(new TextEncoder().encode(`${evil}{`)))
    expectClean(thrown.message)
    expect(thrown.cause).toBe(undefined)
  })

  test('whatever finds its way into an error of ours', () => {
    expectClean(new NanopeerError('INVALID_INPUT', `input.${long} does not match the schema.`).message)
  })

  test('names of actions and of requests: such a request is none', () => {
    const head = { kind: 'value', body: null } as const
    const input = encodeValue(null, 'INVALID_INPUT')
    const refusal = expect.objectContaining({ code: 'PROTOCOL' })
    expect(() => decodeRequest(encodeRequest({ ...head, action: evil, requestId: null }, input))).toThrow(
      refusal,
    )
    expect(() => decodeRequest(encodeRequest({ ...head, action: 'files', requestId: evil }, input))).toThrow(
      refusal,
    )
    expect(asEnvelope(createEnvelope(evil, '1', null))).toBe(null)
    expect(asEnvelope(createEnvelope('files', evil, null))).toBe(null)
    expect(() => action(evil)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
  })
})

test('a text without any of them stays as it is', async () => {
  const text = 'Kein Ordner „Fotos“ — 写真 📷 é'
  const { connection } = await createPair((device) =>
    device.handle('files', () => {
      throw new ActionError(404, text, { lines: 'one\ntwo' })
    }),
  )
  const error = await connection.request('files').catch((thrown: ActionError) => thrown)
  expect(error).toMatchObject({ message: text, data: { lines: 'one\ntwo' } })
})
