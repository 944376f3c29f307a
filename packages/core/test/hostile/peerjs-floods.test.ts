import { expect, test } from 'vitest'
import { pack } from '../../src/codec/binarypack'
import { createTestNetwork } from '../../testing'
import { joinPlain, openWithFriend, until } from './cast'

test('a PeerJS client that sends more than can be read has others wait for their turn alone', async () => {
  const { transport } = createTestNetwork()
  const { device, friend } = await openWithFriend(transport)
  const { channel, its } = await joinPlain(transport, device)
  let read = 0
  its.onMessage(() => read++)
  channel.send(pack('first'))
  await until(() => read === 1, 'the first to be read')
  const message = pack('x'.repeat(20_000))
  for (let n = 0; n < 1000; n++) channel.send(message)
  expect(await friend.request('echo', 'hello')).toBe('hello')
  expect(read).toBeLessThan(500)
  await until(() => read === 1001, 'all to be read')
})
