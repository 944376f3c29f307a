import { describe, expect, onTestFinished, test } from 'vitest'
import { startIceServers } from '../../core/test/engine/diagnose/ice-servers.mjs'
import { diagnose } from '../src'

const start = async (kind: Parameters<typeof startIceServers>[0], count: number): Promise<RTCIceServer[]> => {
  const { addresses, stop } = await startIceServers(kind, count)
  onTestFinished(stop)
  return addresses.map((address) => ({ urls: `stun:${address}` }))
}

describe('a diagnosis in Node', () => {
  test.each(['open', 'cone', 'symmetric'] as const)(
    'tells that the NAT is %s',
    { timeout: 15_000 },
    async (kind) => {
      const { nat, servers, candidates } = await diagnose({ iceServers: await start(kind, 2) })
      expect(servers.map(({ works }) => works)).toEqual([true, true])
      expect(nat).toBe(kind)
      expect(candidates.some(({ type }) => type === 'host')).toBe(true)
    },
  )

  test('names the server that does not answer', { timeout: 15_000 }, async () => {
    const { servers, nat } = await diagnose({ iceServers: await start('silent', 1), timeout: 500 })
    expect(servers[0]).toMatchObject({ works: false, errorCode: null })
    expect(nat).toBe('unknown')
  })
})
