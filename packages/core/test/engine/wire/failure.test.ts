import { expect, test } from 'vitest'
import { ActionError, NanopeerError } from '../../../src/base/errors'
import { byeError, decodeFailure, encodeFailure, goodbye } from '../../../src/engine/wire/failure'

test('an ActionError crosses with its code, message and data', () => {
  const error = decodeFailure(encodeFailure(new ActionError(404, 'No such file', { path: 'a.txt' })))
  expect(error).toBeInstanceOf(ActionError)
  expect(error).toMatchObject({ code: 404, message: 'No such file', data: { path: 'a.txt' } })
})

test('an ActionError without data crosses as one without data', () => {
  const error = decodeFailure(encodeFailure(new ActionError(403, 'Not for you')))
  expect(error).toBeInstanceOf(ActionError)
  expect(error).toMatchObject({ code: 403, message: 'Not for you', data: undefined })
})

test('an ActionError whose data is null keeps it', () => {
  expect(decodeFailure(encodeFailure(new ActionError(1, 'Nothing', null)))).toMatchObject({ data: null })
})

test('a NanopeerError crosses with its code and message', () => {
  const error = decodeFailure(encodeFailure(new NanopeerError('REFUSED', 'Not served')))
  expect(error).toBeInstanceOf(NanopeerError)
  expect(error).toMatchObject({ code: 'REFUSED', message: 'Not served' })
})

test('a goodbye says why, where that is the remote’s business, and nothing of what is wrong with this device', () => {
  const refused = goodbye(new NanopeerError('REFUSED', 'Not served'))
  expect(byeError(refused)).toMatchObject({ code: 'REFUSED', message: 'Not served' })
  for (const code of ['INVALID_INPUT', 'NETWORK', 'KEY_CHANGED'] as const) {
    const bye = goodbye(new NanopeerError(code, 'What is in /home/ada/known.json is damaged.'))
    expect(bye.payload).toHaveLength(0)
    expect(byeError(bye)).toMatchObject({ code: 'CONNECTION_LOST' })
  }
})
