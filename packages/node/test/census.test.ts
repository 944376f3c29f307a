import { expect, inject, test } from 'vitest'
import { resourceUsage } from '../../core/test/support/resource-usage'
import { visitFrom } from '../../core/test/support/visit'
import { createPeer, type Peer, type PeerOptions } from '../src'
import { takeCensus } from './support/census'
import { freshId } from './support/joined'

const create = (name: string, more?: PeerOptions): Peer => {
  const server = { ...inject('signallingServer'), secure: false }
  const peer = createPeer(freshId(name), {
    server,
    iceServers: [],
    accept: 'anyone',
    onError: () => {},
    ...more,
  })
  peer.handle('double', (input) => Number(input) * 2)
  return peer
}

const visit = visitFrom(create)

/** What keeps this process alive, by kind: timers, sockets and so on. */
const takeResources = (): Map<string, number> => {
  const counts = new Map<string, number>()
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return counts
}

test('nothing is left of two hundred peers and their connections when they are gone', async () => {
  const census = await takeCensus()
  let begun = new Map<string, number>()
  const inUse = () => [...takeResources()].filter(([kind, count]) => count > (begun.get(kind) ?? 0))
  const countInUse = () => {
    begun = takeResources()
    return begun.size
  }
  // Within a poll, as later on: it has a timer of its own.
  await expect.poll(countInUse).toBeGreaterThan(0)
  // A device answers 64 strangers in ten seconds, unless it is told to take more.
  const home = create('home', { limits: { handshakes: 1000 } })
  await home.open()
  const before = resourceUsage(home)
  for (let round = 0; round < 5; round++) {
    await Promise.all(Array.from({ length: 20 }, (_, index) => visit(round * 20 + index, home.id)))
  }
  await expect.poll(() => resourceUsage(home)).toEqual(before)
  await expect.poll(() => census.sockets()).toBe(1)
  expect(inUse().map(([kind]) => kind)).toContain('TCPSocketWrap')
  await home.destroy()
  await expect.poll(() => [census.peerConnections(), census.sockets()]).toEqual([0, 0])
  await expect.poll(inUse).toEqual([])
})
