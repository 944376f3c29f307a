import { describe, expect, inject, onTestFinished, test } from 'vitest'
import type { Link, Signalling } from '../../../src/base/transport'
import { realTransport } from '../../support/real-transport'

let count = 0
const freshId = (name: string) => `${name}-${Date.now()}-${++count}`

const join = (id: string): { id: string; signalling: Signalling; links: Link[] } => {
  const links: Link[] = []
  const signalling = realTransport.join(
    id,
    { server: { ...inject('signallingServer'), secure: false }, iceServers: [] },
    { connecting() {}, open() {}, disconnected() {}, link: (link) => links.push(link), plain() {} },
  )
  onTestFinished(() => signalling.leave())
  return { id, signalling, links }
}

const connected = async () => {
  const device = join(freshId('device'))
  const asker = join(freshId('asker'))
  const near = await asker.signalling.dial(device.id, { signal: AbortSignal.timeout(20_000) })
  await expect.poll(() => device.links.length).toBe(1)
  return { device, asker, near, far: device.links[0] as Link }
}

const readAll = (link: Link) => {
  const messages: Uint8Array[] = []
  const closed = new Promise<boolean>((resolve) => {
    link.listen({ message: (bytes) => messages.push(bytes), drained() {}, closed: resolve })
  })
  return { messages, closed }
}

describe('a link in a browser', () => {
  test('carries the largest messages whole and in order, both ways', async () => {
    const { near, far } = await connected()
    expect(near.maxMessageSize).toBe(262_144)
    const ends = [readAll(near), readAll(far)]
    const sizes = [0, 1, 65_536, 262_144]
    for (const size of sizes) {
      near.send(new Uint8Array(size).fill(7))
      far.send(new Uint8Array(size).fill(7))
    }
    for (const { messages } of ends) {
      await expect.poll(() => messages.map(({ byteLength }) => byteLength)).toEqual(sizes)
      expect(messages.every((bytes) => bytes.every((byte) => byte === 7))).toBe(true)
    }
  })

  test('sends all that is buffered before it closes, and the remote knows that it was meant', async () => {
    const { near, far } = await connected()
    const { messages, closed } = readAll(far)
    for (let index = 0; index < 100; index++) near.send(new Uint8Array(65_536).fill(index))
    await near.close(20_000)
    await expect(closed).resolves.toBe(true)
    expect(messages.map((bytes) => bytes[0])).toEqual(Array.from({ length: 100 }, (_, index) => index))
  })

  test('keeps 64 KiB for its reader, what messages take besides their bytes included, and closes when there is more', async () => {
    const { near, far } = await connected()
    near.listen({ message() {}, drained() {}, closed() {} })()
    for (let index = 0; index < 4; index++) far.send(new Uint8Array(15_872))
    // It is closed once the other end has taken everything in.
    await far.close(20_000)
    const { messages } = readAll(near)
    expect(messages).toHaveLength(4)
    const second = await connected()
    const secondClosed = readAll(second.far).closed
    for (let index = 0; index < 5; index++) second.far.send(new Uint8Array(16_384))
    await secondClosed
  })

  test('knows its route, its round trip, what arrives, and both certificates in use', async () => {
    const { near, far } = await connected()
    readAll(near)
    readAll(far)
    await expect.poll(async () => (await near.stats()).route).toBe('direct')
    const { packetsSeen } = await near.stats()
    far.send(new Uint8Array(1000))
    await expect.poll(async () => (await near.stats()).packetsSeen).toBeGreaterThan(packetsSeen as number)
    await expect.poll(async () => (await near.stats()).rtt).not.toBeNull()
    const [atNear, atFar] = await Promise.all([near.fingerprints(), far.fingerprints()])
    expect(atNear.local).toHaveLength(32)
    expect(atNear).toEqual({ local: atFar.remote, remote: atFar.local })
  })

  test('ends where Chromium takes back that its channel is open: it hears, and can say nothing', async () => {
    const { RTCPeerConnection } = globalThis
    const inbound: RTCDataChannel[] = []
    globalThis.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration)
        this.addEventListener('datachannel', ({ channel }) => inbound.push(channel))
      }
    }
    onTestFinished(() => {
      Object.assign(globalThis, { RTCPeerConnection })
    })
    const takeBack = () => {
      for (const channel of inbound) Object.defineProperty(channel, 'readyState', { value: 'connecting' })
    }
    const hearing = await connected()
    takeBack()
    const ends = [readAll(hearing.near), readAll(hearing.far)]
    hearing.near.send(new Uint8Array(1))
    await Promise.all(ends.map(({ closed }) => closed))
    expect(ends.map(({ messages }) => messages)).toEqual([[], []])
    const speaking = await connected()
    takeBack()
    const closed = [speaking.near, speaking.far].map((link) => readAll(link).closed)
    speaking.far.send(new Uint8Array(1))
    await Promise.all(closed)
  })

  test('leaves no connection and no socket behind', { timeout: 60_000 }, async () => {
    const { RTCPeerConnection, WebSocket } = globalThis
    const made: (() => boolean)[] = []
    globalThis.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration)
        made.push(() => this.connectionState === 'closed')
      }
    }
    globalThis.WebSocket = class extends WebSocket {
      constructor(url: string | URL) {
        super(url)
        made.push(() => this.readyState === WebSocket.CLOSED)
      }
    }
    onTestFinished(() => {
      Object.assign(globalThis, { RTCPeerConnection, WebSocket })
    })
    for (let round = 0; round < 20; round++) {
      const { device, asker, near, far } = await connected()
      const { closed } = readAll(far)
      await near.close()
      await closed
      await Promise.all([device.signalling.leave(), asker.signalling.leave()])
    }
    expect(made.length).toBeGreaterThanOrEqual(80)
    await expect.poll(() => made.filter((isClosed) => !isClosed()).length).toBe(0)
  })
})
