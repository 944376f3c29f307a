import { expect, test } from 'vitest'
import { ActionError, NanopeerError } from '../../../src/base/errors'
import { decodeFailure, encodeFailure } from '../../../src/engine/wire/failure'

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
