import { afterEach, describe, expect, test } from 'vitest'
import type { DevtoolsHook } from '../src/devtools-hook'
import { createPeer, type NanopeerEvent, type Peer } from '../src/index'
import { createTestNetwork } from '../testing/index'

const name = Symbol.for('nanopeer.devtools')
const scope = globalThis as unknown as { [name: symbol]: DevtoolsHook | undefined }

const { transport } = createTestNetwork()
const peers: Peer[] = []
const create = (id: string, onEvent?: (event: NanopeerEvent) => void) => {
  const peer = createPeer(id, { transport, accept: 'anyone', onEvent })
  peers.push(peer)
  return peer
}
const source = () => {
  const [first] = scope[name]?.sources ?? []
  if (!first) throw new Error('Core shows nothing.')
  return first
}

afterEach(async () => {
  await Promise.all(peers.splice(0).map((peer) => peer.destroy()))
})

describe('what developer tools find', () => {
  test('are the peers that live, those made before they looked, too', async () => {
    const early = create('early')
    const { peers: live, onPeer } = source()
    const heard: Peer[] = []
    const stop = onPeer((peer) => heard.push(peer))
    const late = create('late')
    expect([...live]).toEqual([early, late])
    expect(heard).toEqual([late])
    stop()
    create('unheard')
    expect(heard).toEqual([late])
    await late.destroy()
    expect(live.has(late)).toBe(false)
    expect(live.has(early)).toBe(true)
  })

  test('is one source, however many peers are made, and a tool that came first hears of it', () => {
    const { sources } = scope[name] as DevtoolsHook
    create('one')
    create('two')
    expect(sources).toHaveLength(1)
    const heard: unknown[] = []
    scope[name] = { sources: [], onSource: (found) => heard.push(found) }
    create('three')
    expect(heard).toEqual(sources)
    expect(scope[name]?.sources).toEqual(sources)
  })

  test('are the events of all peers from when they listen, beside those of `onEvent`', async () => {
    const own: string[] = []
    const device = create('device', ({ type }) => own.push(type))
    device.handle('double', (input) => 2 * Number(input))
    const asker = create('asker')
    await device.open()
    const heard: string[] = []
    const stop = source().onEvent(({ type, remoteId }, peer) => heard.push(`${peer.id}: ${type} ${remoteId}`))
    await asker.connect('device').request('double', 2)
    expect(heard).toContain('asker: dial-started device')
    expect(heard).toContain('asker: session-began device')
    expect(heard).toContain('asker: request-ended device')
    expect(heard).toContain('device: request-started asker')
    expect(own).toContain('request-started')
    stop()
    const count = heard.length
    await asker.connect('device').request('double', 3)
    expect(heard).toHaveLength(count)
  })
})
