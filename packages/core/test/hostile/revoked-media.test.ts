import { expect, onTestFinished, test } from 'vitest'
import { createMediaViews } from '../../src/adapter'
import { action } from '../../src/index'
import { createTestNetwork } from '../../testing'
import { newIdentity } from '../support/identities'
import { labels, streamOf, track } from '../support/stand-ins'
import { open, until } from './cast'

const watch = action.media('watch')

/** A device with a camera of its own for everybody, and what it was told of them. */
const scene = async () => {
  const { transport } = createTestNetwork()
  const sent = new Map<string, { readonly stream: MediaStream; readonly signal: AbortSignal }>()
  const nas = await open('nas', { transport, identity: await newIdentity(), accept: 'anyone' })
  nas.handle(watch, (_input, { remote, signal }) => {
    const stream = streamOf(track(`for ${remote.id}`))
    sent.set(remote.id, { stream, signal })
    return stream
  })
  const show = async (id: string) => {
    const identity = await newIdentity()
    const peer = await open(id, { transport, identity, accept: 'anyone' })
    const connection = peer.connect('nas')
    const view = createMediaViews<typeof watch>().view(connection, watch, undefined)
    onTestFinished(view.listen(() => {}))
    await until(() => view.value.status === 'active', `${id} to watch`)
    return { peer, identity, connection, view }
  }
  return { nas, sent, show }
}

test('whoever is revoked while it watches sees nothing more, and REFUSED; others watch on', async () => {
  const { nas, sent, show } = await scene()
  const [laptop, friend] = [await show('laptop'), await show('friend')]
  const [shown] = laptop.view.value.stream?.getTracks() ?? []
  const given = sent.get('laptop')
  const isFollowed = () => Object.hasOwn(given?.stream ?? {}, 'addTrack')
  expect(isFollowed()).toBe(true)
  const revoked = nas.revoke(laptop.identity.key)
  // In the same turn: the camera may be closed, and its stream is followed no more.
  expect(given?.signal.aborted).toBe(true)
  expect(isFollowed()).toBe(false)
  await revoked
  await until(() => laptop.view.value.status === 'error', 'the page to hear of it')
  expect(laptop.view.value).toMatchObject({ error: { code: 'REFUSED' }, isPaused: false })
  expect(shown?.readyState).toBe('ended')
  await expect(laptop.connection.request(watch)).rejects.toMatchObject({ code: 'REFUSED' })
  expect(friend.view.value.stream && labels(friend.view.value.stream)).toEqual(['video for friend'])
  expect(sent.get('friend')?.signal.aborted).toBe(false)
})

test('whoever is revoked while it is watched is seen no more', async () => {
  const { nas, show } = await scene()
  const laptop = await show('laptop')
  laptop.peer.handle(watch, () => streamOf(track('of the laptop')))
  const back = nas.$connections.value?.find(({ remoteId }) => remoteId === 'laptop')
  const stream = await back?.request(watch)
  const [seen] = stream?.getTracks() ?? []
  expect(seen?.readyState).toBe('live')
  await nas.revoke(laptop.identity.key)
  expect(seen?.readyState).toBe('ended')
  expect(stream?.getTracks()).toEqual([])
})
