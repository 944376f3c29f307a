import { expect, test } from 'vitest'
import { type ConnectionStatus, createPeer, generateSecret } from '../../src/index'
import { createTestNetwork } from '../../testing/index'

const reconnect = { minDelay: 10, maxDelay: 20 }

test('a dial that is made again is connecting, with the error of the one before', async () => {
  const { transport } = createTestNetwork()
  const laptop = createPeer('laptop', { transport, reconnect })
  const connection = laptop.connect('nas')
  const seen: ConnectionStatus[] = []
  connection.$status.listen((status) => seen.push(status))
  const isClosedForGood = ({ state, retryAt }: ConnectionStatus) => state === 'closed' && retryAt === null
  await expect.poll(() => seen.filter(({ state }) => state === 'connecting').length).toBeGreaterThan(3)
  const later = seen.slice(seen.findIndex(({ state }) => state === 'closed'))
  for (const status of later) expect(status.error?.code).toBe('PEER_UNAVAILABLE')
  // Told in the turn in which the next dial is made known, and nowhere else.
  for (const [index, status] of later.entries()) {
    if (isClosedForGood(status))
      expect(later[index + 1]).toMatchObject({ state: 'closed', retryAt: expect.any(Number) })
  }
  await laptop.destroy()
})

test('a device that comes and refuses is the error that is shown, and it is not dialled again', async () => {
  const { transport } = createTestNetwork()
  const laptop = createPeer('laptop', { transport, reconnect, secret: generateSecret() })
  const connection = laptop.connect('nas')
  connection.$status.listen(() => {})
  await expect.poll(() => connection.$status.value?.error?.code).toBe('PEER_UNAVAILABLE')
  const nas = createPeer('nas', { transport, secret: generateSecret(), onError: () => {} })
  await nas.open()
  await expect
    .poll(() => connection.$status.value)
    .toMatchObject({ state: 'closed', error: { code: 'REFUSED' }, retryAt: null })
  await laptop.destroy()
  await nas.destroy()
})
