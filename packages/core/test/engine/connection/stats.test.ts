import { expect, test } from 'vitest'
import type { ConnectionStats } from '../../../src/base/types'
import { Stats } from '../../../src/engine/connection/stats'
import { VirtualClock } from '../../support/virtual-clock'

/** The figures of a link that counts how often it was measured. */
const createStats = () => {
  const clock = new VirtualClock()
  const link = {
    measured: 0,
    async stats() {
      link.measured++
      return { route: 'direct', rtt: null, packetsSeen: null } as const
    },
  }
  const figures = { link, links: 1, roundTrip: null, sent: 0, received: 0, mediaStats: async () => null }
  return {
    clock,
    link,
    stats: new Stats(
      clock,
      () => figures,
      () => {},
    ),
  }
}

test('nothing is measured of a link while nobody looks', async () => {
  const { clock, link, stats } = createStats()
  stats.linkChanged()
  await clock.advance(5000)
  expect(link.measured).toBe(0)
})

test('whoever looks is told the route at once, of each link', async () => {
  const { clock, link, stats } = createStats()
  stats.linkChanged()
  const told: (ConnectionStats['route'] | undefined)[] = []
  stats.watch(({ route }) => told.push(route))
  await clock.advance(0)
  expect(told).toEqual([null, 'direct'])
  stats.linkChanged()
  await clock.advance(0)
  expect(link.measured).toBe(2)
})

test('who looks again is told the route of the link that came meanwhile', async () => {
  const { clock, link, stats } = createStats()
  const unwatch = stats.watch(() => {})
  await clock.advance(0)
  unwatch()
  stats.linkChanged()
  expect(link.measured).toBe(1)
  const told: (ConnectionStats['route'] | undefined)[] = []
  stats.watch(({ route }) => told.push(route))
  await clock.advance(0)
  expect(told).toEqual([null, 'direct'])
})
