import { expect, test } from 'vitest'
import { pack } from '../../src/codec/binarypack'
import { createTestNetwork } from '../../testing'
import { join, open, until } from './cast'

test('a PeerJS client that sends more than can be read has others wait for their turn alone', async () => {
  const { transport } = createTestNetwork()
  const device = await open('device', { transport, accept: 'anyone' })
  device.handle('echo', (input) => input)
  const friend = (await open('friend', { transport })).connect('device')
  await friend.request('echo', 'hello')
  const channel = await (await join(transport, 'mallory')).dialPlain('device')
  let read = 0
  const its = () => device.$connections.value?.find(({ remoteId }) => remoteId === 'mallory')
  await until(() => its()?.$status.value?.state === 'open', 'it to be there')
  its()?.onMessage(() => read++)
  channel.send(pack('first'))
  await until(() => read === 1, 'the first to be read')
  const message = pack('x'.repeat(20_000))
  for (let n = 0; n < 1000; n++) channel.send(message)
  expect(await friend.request('echo', 'hello')).toBe('hello')
  expect(read).toBeLessThan(500)
  await until(() => read === 1001, 'all to be read')
})
