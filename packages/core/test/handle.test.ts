import { expect, test } from 'vitest'
import { ActionError, NanopeerError } from '../src/index'
import { createPair } from './support/pair'

test('a peer, a connection and an error say in JSON what they are', async () => {
  const { connection, laptop } = await createPair(() => {})
  await laptop.open()
  const said = JSON.parse(JSON.stringify({ laptop, connection }))
  expect(said.laptop).toEqual({ id: 'laptop', status: 'open' })
  expect(said.connection).toMatchObject({ remoteId: 'nas', peer: 'laptop' })
  const timeout = new NanopeerError('TIMEOUT', 'No answer.')
  expect(JSON.parse(JSON.stringify(timeout))).toEqual({
    name: 'NanopeerError',
    code: 'TIMEOUT',
    message: 'No answer.',
  })
  const missing = new ActionError(404, 'No such folder', { path: '/' })
  expect(JSON.parse(JSON.stringify(missing))).toEqual({
    name: 'ActionError',
    code: 404,
    message: 'No such folder',
    data: { path: '/' },
  })
})
