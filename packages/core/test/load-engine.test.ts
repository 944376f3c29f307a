import { afterEach, expect, test, vi } from 'vitest'
import type { Transport } from '../src/base/transport'
import { provide } from '../src/engine'
import { createPeer, createPeerjsTransport, preload } from '../src/index'

const imported = vi.hoisted(() => [] as string[])

vi.mock('../src/engine/index', async (original) => {
  imported.push('engine')
  return original()
})
vi.mock('peerjs', async (original) => {
  imported.push('PeerJS')
  return original()
})

afterEach(() => vi.unstubAllGlobals())

/** Some turns of the event loop, in which an import would have begun. */
const turns = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve))
}

test('a page that only imports loads nothing', async () => {
  await turns()
  expect(imported).toEqual([])
})

test('a peer that is only made, and read, loads nothing', async () => {
  vi.stubGlobal('RTCPeerConnection', class {})
  const peer = createPeer('looked-at')
  expect(peer.$status.get().state).toBe('idle')
  peer.handle('echo', (input) => input)
  await turns()
  expect(imported).toEqual([])
  await peer.destroy()
  expect(imported).toEqual([])
})

test('a server loads nothing, whatever is asked of it', async () => {
  const peer = createPeer('rendered')
  await expect(peer.open()).rejects.toMatchObject({ code: 'UNSUPPORTED' })
  const connection = peer.connect('nas')
  peer.$status.listen(() => {})
  connection.$status.listen(() => {})
  connection.request('echo', 1).catch(() => {})
  await preload()
  await turns()
  expect(imported).toEqual([])
  await peer.destroy()
})

test('PeerJS and the engine are asked for in the turn in which a peer is first held', async () => {
  const asked: string[] = []
  const never = new Promise<never>(() => {})
  const transport = createPeerjsTransport({
    isSupported: () => true,
    prepare() {
      asked.push('PeerJS')
      return never
    },
  })
  provide(transport, {
    loadEngine() {
      asked.push('engine')
      return never
    },
  })
  const peer = createPeer('first', { transport })
  expect(asked).toEqual([])
  peer.open().catch(() => {})
  expect(asked).toEqual(['PeerJS', 'engine'])
  await peer.destroy()
})

test("a transport of somebody else's waits for the engine, which all peers share, and loads no PeerJS", async () => {
  const joined: string[] = []
  const transport: Transport = {
    isSupported: () => true,
    join(id, _options, events) {
      joined.push(id)
      queueMicrotask(() => events.open())
      const dial = () => new Promise<never>(() => {})
      return { dial, dialPlain: dial, retry: () => {}, leave: async () => {} }
    },
  }
  const peers = ['one', 'two'].map((id) => createPeer(id, { transport }))
  const opened = peers.map((peer) => peer.open())
  expect(joined).toEqual([])
  await Promise.all(opened)
  expect(joined).toEqual(['one', 'two'])
  expect(imported).toEqual(['engine'])
  const third = createPeer('three', { transport })
  const thirdOpened = third.open()
  expect(joined).toEqual(['one', 'two', 'three'])
  await thirdOpened
  await Promise.all([...peers, third].map((peer) => peer.destroy()))
})
