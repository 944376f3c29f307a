import { expect, test } from 'vitest'
import { createConnectionViews, createPeerViews, createRequestViews } from '../src/adapter'
import { createPeer, type Transport } from '../src/index'
import { turns } from './support/pair'

const transport: Transport = {
  isSupported: () => false,
  join() {
    throw new Error('Nothing is joined here.')
  },
}

test('where there is no WebRTC, whatever is held says so at once', async () => {
  const peer = createPeer('laptop', { transport })
  const peerView = createPeerViews().view(peer)
  const connectionView = createConnectionViews().view(peer, 'nas')
  const undo = [peerView.listen(() => {}), connectionView.listen(() => {})]
  await turns()
  expect(peerView.value).toMatchObject({ status: 'disconnected', error: { code: 'UNSUPPORTED' } })
  expect(peer.$status.value).toMatchObject({ retryAt: null })
  expect(connectionView.value).toMatchObject({
    status: 'closed',
    error: { code: 'UNSUPPORTED' },
    retryAt: null,
  })
  const { connection } = connectionView.value
  const requestView = createRequestViews<string>().view(connection, 'list', null)
  undo.push(requestView.listen(() => {}))
  await expect.poll(() => requestView.value.error?.code).toBe('UNSUPPORTED')
  await expect(connection?.request('list')).rejects.toMatchObject({ code: 'UNSUPPORTED' })
  await expect(connection?.send('hello')).rejects.toMatchObject({ code: 'UNSUPPORTED' })
  await expect(peer.open()).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    message: expect.stringContaining('Node'),
  })
  for (const unlisten of undo) unlisten()
})
