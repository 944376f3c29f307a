import { expect, test } from 'vitest'
import { createConnectionViews } from '../../src/adapter'
import { createWorld } from '../support/world'

test('a connection that nobody holds any more is listed no longer, and is the same one when it is held again', async () => {
  const { clock, create, device, state } = createWorld()
  device()
  const laptop = create('laptop')
  const remotes = () => laptop.$connections.value?.map(({ remoteId }) => remoteId)
  const hold = laptop.$status.listen(() => {})
  const connection = laptop.connect('nas')
  await clock.runUntil(() => state(connection) === 'open')
  expect(remotes()).toEqual(['nas'])
  await clock.advance(5000)
  expect(remotes()).toEqual([])
  const release = connection.$status.listen(() => {})
  await clock.runUntil(() => state(connection) === 'open')
  expect(laptop.$connections.value).toEqual([connection])
  release()
  hold()
})

test('ids that were typed and looked up leave nothing in the list', async () => {
  const { clock, create } = createWorld()
  const laptop = create('laptop')
  laptop.$status.listen(() => {})
  const { view } = createConnectionViews()
  for (const id of ['n', 'na', 'nas']) view(laptop, id).listen(() => {})()
  await clock.advance(5000)
  expect(laptop.$connections.value).toEqual([])
})

test('what connect() keeps on an open peer stays listed, though its remote is away', async () => {
  const { clock, create } = createWorld()
  const laptop = create('laptop')
  laptop.open().catch(() => {})
  const connection = laptop.connect('nas')
  await clock.advance(60_000)
  expect(laptop.$connections.value).toEqual([connection])
  void connection.close()
  await clock.advance(5000)
  expect(laptop.$connections.value).toEqual([])
})
