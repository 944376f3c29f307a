import { atom } from 'nanostores'
import { expect, test, vi } from 'vitest'
import { createConnectionViews } from '../src/adapter'
import { ActionError, action, NanopeerError, store } from '../src/index'
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

test('what needs a handle of its own copy of nanopeer throws for one of another, and for a copy of a handle', async () => {
  const { connection, laptop } = await createPair(() => {})
  vi.resetModules()
  const views = await import('../src/adapter')
  const { invalidate, share } = await import('../src/index')
  const mixed = expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringContaining('npm ls') })
  const events = action.events('log')
  for (const refused of [
    () => views.createConnectionViews().view(laptop, 'nas'),
    () => views.createConnectionViews().view(connection),
    () => views.createConnectionsViews().view(laptop, ['nas']),
    () => views.createRequestViews<string>().view(connection, 'list', null),
    () => views.createSubscriptionViews<typeof events>().view(connection, events, undefined),
    () => views.createMediaViews<string>().view(connection, 'camera', null),
    () => views.createRemoteStoreViews().view(connection, store('temperature')),
    () => share(laptop, store('temperature'), atom(20)),
    () => createConnectionViews().view({ ...laptop }, 'nas'),
  ])
    expect(refused).toThrow(mixed)
  await expect(invalidate(connection, 'list')).rejects.toThrow(mixed)
})
