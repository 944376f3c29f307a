import { expect, inject, test } from 'vitest'
import { createPeer, type Peer, type PeerOptions } from '../../src/index'
import { watchPage } from '../support/page-census'
import { resourceUsage } from '../support/resource-usage'
import { visitFrom } from '../support/visit'

const options = {
  server: { ...inject('signallingServer'), secure: false },
  iceServers: [],
  accept: 'anyone' as const,
  onError: () => {},
}

let count = 0
const create = (name: string, more?: PeerOptions): Peer => {
  const peer = createPeer(`${name}-${Date.now()}-${++count}`, { ...options, ...more })
  peer.handle('double', (input) => Number(input) * 2)
  return peer
}

const visit = visitFrom(create)

test('nothing is left of two hundred peers and their connections when they are gone', async () => {
  const open = watchPage()
  // A device answers 64 strangers in ten seconds, unless it is told to take more.
  const home = create('home', { limits: { handshakes: 1000 } })
  await home.open()
  const before = resourceUsage(home)
  // Ten at once: Chromium puts off WebSockets by seconds when more than that are on their way.
  for (let round = 0; round < 20; round++) {
    await Promise.all(Array.from({ length: 5 }, (_, index) => visit(round * 5 + index, home.id)))
  }
  await expect.poll(() => resourceUsage(home)).toEqual(before)
  // That of one peer, which shows that all of them are counted at all.
  await expect.poll(open).toMatchObject({ peerConnections: 0, sockets: 1, channels: 1 })
  expect(open().timers).toBeGreaterThan(0)
  expect(open().listeners).toBeGreaterThan(0)
  await home.destroy()
  await expect.poll(open).toEqual({ peerConnections: 0, sockets: 0, channels: 0, timers: 0, listeners: 0 })
}, 60_000)
