import { createPeer } from '@nanopeer/core'
import { createTestNetwork } from '@nanopeer/core/testing'
import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => {
  vi.useRealTimers()
})

test('twenty seconds without the network cost no time, and no request', async () => {
  vi.useFakeTimers()
  const net = createTestNetwork()
  const nas = createPeer('nas', { transport: net.transport, accept: 'anyone' })
  nas.handle('greet', () => 'hello')
  void nas.open()
  const connection = createPeer('laptop', { transport: net.transport }).connect('nas')
  connection.$status.listen(() => {}) // holds it, as a component does
  await vi.advanceTimersByTimeAsync(100)
  const heal = net.cut('laptop', 'nas')
  const answer = connection.request('greet', {})
  await vi.advanceTimersByTimeAsync(20_000)
  heal()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(await answer).toBe('hello')
})
