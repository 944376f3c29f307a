import { describe, expect, onTestFinished, test } from 'vitest'
import { startIceServers } from '../../core/test/engine/diagnose/ice-servers.mjs'
import { diagnose } from '../src'
import { installGlobals } from '../src/globals'

const start = async (kind: Parameters<typeof startIceServers>[0], count: number): Promise<RTCIceServer[]> => {
  const { addresses, stop } = await startIceServers(kind, count)
  onTestFinished(stop)
  return addresses.map((address) => ({ urls: `stun:${address}` }))
}

/** Runs `act` where a connection with a port of its own begins to gather, until the test is over. */
const onFixedPort = (act: () => void) => {
  const { RTCPeerConnection } = globalThis
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    private readonly isFixed: boolean

    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      this.isFixed = configuration !== undefined && 'portRangeBegin' in configuration
    }

    override createDataChannel(...given: Parameters<RTCPeerConnection['createDataChannel']>) {
      if (this.isFixed) act()
      return super.createDataChannel(...given)
    }
  }
  onTestFinished(() => void Object.assign(globalThis, { RTCPeerConnection }))
}

describe('a diagnosis in Node', () => {
  test.each(['open', 'cone', 'symmetric'] as const)('tells that the NAT is %s', async (kind) => {
    const { nat, servers, candidates } = await diagnose({ iceServers: await start(kind, 2) })
    expect(servers.map(({ works }) => works)).toEqual([true, true])
    expect(nat).toBe(kind)
    expect(candidates.some(({ type }) => type === 'host')).toBe(true)
  })

  test('names the server that does not answer', async () => {
    const { servers, nat } = await diagnose({ iceServers: await start('silent', 1), timeout: 500 })
    expect(servers[0]).toMatchObject({ works: false, errorCode: null })
    expect(nat).toBe('unknown')
  })

  test('waits for the port that all its connections have, which the one before may not have let go of yet', async () => {
    await installGlobals()
    let refusals = 2
    onFixedPort(() => {
      if (refusals-- > 0) throw new Error('Failed to gather local ICE candidates')
    })
    const { nat } = await diagnose({ iceServers: await start('cone', 2) })
    expect(nat).toBe('cone')
    expect(refusals).toBeLessThan(0)
  })

  test('says so where it cannot have that port at all', async () => {
    await installGlobals()
    onFixedPort(() => {
      throw new Error('Failed to gather local ICE candidates')
    })
    await expect(diagnose({ iceServers: await start('cone', 1), timeout: 500 })).rejects.toMatchObject({
      code: 'NETWORK',
      message: expect.stringContaining('Failed to gather local ICE candidates'),
    })
  })
})
