import { describe, expect, onTestFinished, test } from 'vitest'
import { commands } from 'vitest/browser'
import { diagnose } from '../../../src/diagnose'
import { createAlarmClock, hour } from '../../support/alarm-clock'
import { watchOpenConnections } from '../../support/open-connections'

const start = async (kind: string, count: number): Promise<string[]> => {
  const { device, message } = await commands.startDevice(
    'packages/core/test/engine/diagnose/ice-servers.mjs',
    {
      kind,
      count,
    },
  )
  onTestFinished(() => commands.stopDevice(device))
  return message as string[]
}

const stun = (addresses: readonly string[]) => ({ urls: addresses.map((address) => `stun:${address}`) })
const turn = (address: string) => ({ urls: `turn:${address}`, username: 'u', credential: 'p' })

describe('a diagnosis in Chromium', () => {
  test.each(['open', 'cone', 'symmetric'])('tells that the NAT is %s', async (kind) => {
    const { nat, servers, candidates, explain } = await diagnose({ iceServers: [stun(await start(kind, 2))] })
    expect(nat).toBe(kind)
    expect(servers.map(({ works }) => works)).toEqual([true, true])
    expect(servers.every(({ ms }) => ms !== null)).toBe(true)
    expect(candidates.some(({ type }) => type === 'host')).toBe(true)
    expect(explain).toContain(kind === 'open' ? 'direct links work with nearly every network' : kind)
  })

  test('cannot tell it from one server', async () => {
    const { nat, explain } = await diagnose({ iceServers: [stun(await start('cone', 1))] })
    expect(nat).toBe('unknown')
    expect(explain).toContain('two STUN servers')
  })

  test('names the server that refuses, with its code and what it means', async () => {
    const [address] = (await start('unauthorized', 1)) as [string]
    const { servers, relay, explain } = await diagnose({ iceServers: [turn(address)], timeout: 15_000 })
    expect(servers[0]).toMatchObject({ kind: 'turn', works: false, errorCode: 401 })
    expect(relay).toBe(false)
    expect(explain).toContain('credential')
    expect(explain).toContain('No TURN server works')
  })

  test('names the server that does not answer, when its time is up', async () => {
    const [silent] = (await start('silent', 1)) as [string]
    const working = await start('cone', 2)
    const { clock, ring } = createAlarmClock()
    const { RTCPeerConnection } = globalThis
    onTestFinished(() => void Object.assign(globalThis, { RTCPeerConnection }))
    const connections = watchOpenConnections()
    const diagnosed = diagnose({ iceServers: [stun([silent, ...working])], timeout: hour }, { clock })
    // One for each is opened, in one turn; those that have been answered are closed.
    await expect.poll(() => connections.size).toBe(1)
    ring()
    const { servers, nat } = await diagnosed
    expect(servers.map(({ works }) => works)).toEqual([false, true, true])
    expect(servers[0]?.explain).toContain('did not answer')
    expect(nat).toBe('cone')
  })

  test('says so of a URL that no browser takes', async () => {
    const { servers } = await diagnose({ iceServers: [{ urls: 'http://example.com' }], timeout: 1000 })
    expect(servers[0]).toMatchObject({ works: false, explain: expect.stringContaining('not a server') })
  })

  test('leaves no connection open', async () => {
    const { RTCPeerConnection } = globalThis
    const made: RTCPeerConnection[] = []
    globalThis.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration)
        made.push(this)
      }
    }
    onTestFinished(() => {
      globalThis.RTCPeerConnection = RTCPeerConnection
    })
    await diagnose({ iceServers: [stun(await start('cone', 2))] })
    expect(made).toHaveLength(3)
    expect(made.every(({ signalingState }) => signalingState === 'closed')).toBe(true)
  })
})
