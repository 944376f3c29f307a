import { expect, test } from 'vitest'
import { createConnectionViews, createRequestViews } from '../src/adapter'
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

test('a handle of another copy of nanopeer, or a copy of a handle, says what to look for', async () => {
  const { connection, laptop } = await createPair(() => {})
  const foreign = { ...laptop }
  const mixed = expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringContaining('npm ls') })
  expect(createConnectionViews().view(foreign, 'nas').value.error).toEqual(mixed)
  expect(() => createRequestViews<string>().view({ ...connection }, 'list', null)).toThrow(mixed)
})
