import { expect, test } from 'vitest'
import type { Clock } from '../../../src/base/clock'
import type { VirtualClock } from '../../support/virtual-clock'
import { createWorld } from '../../support/world'

/** How timers of a page in the background run, ms: once a second, after five minutes once a minute. */
const throttles = [1000, 60_000]

/** The clock of one device: `lateUntil` tells when a timer that is due at a time really runs. */
const createLateClock = (clock: VirtualClock) => {
  const late = { until: (due: number) => due }
  const after: Clock['after'] = (ms, run) => {
    let stop = wait(clock.now() + ms)
    function wait(due: number): () => void {
      // Looked at again when it is due: the device may have fallen asleep meanwhile.
      return clock.after(due - clock.now(), () => {
        const time = late.until(due)
        if (time > clock.now()) stop = wait(time)
        else run()
      })
    }
    return () => stop()
  }
  return { late, options: { now: () => clock.now(), after } }
}

const createConnected = async () => {
  const world = createWorld({ delay: 20 })
  const { clock, net, create, device, state } = world
  const { late, options } = createLateClock(clock)
  const nas = device()
  nas.handle('hello', () => 'hi')
  const laptop = create('laptop', { transport: { ...net.transport, clock: options } })
  void laptop.open()
  const connection = laptop.connect('nas')
  await clock.runUntil(() => state(connection) === 'open' && nas.$connections.get().length === 1)
  const [inbound] = nas.$connections.get()
  const states = { here: [] as string[], there: [] as string[] }
  connection.$status.listen(({ state }) => states.here.push(state))
  inbound?.$status.listen(({ state }) => states.there.push(state))
  return { ...world, late, connection, states }
}

test.each(throttles)(
  'timers that run once in %i ms raise no false alarm, on either side',
  async (interval) => {
    const { clock, late, connection, states, settled } = await createConnected()
    late.until = (due) => Math.ceil(due / interval) * interval
    await clock.advance(30 * 60_000)
    expect(states).toEqual({ here: [], there: [] })
    expect(await settled(connection.request('hello', null))).toBe('hi')
    expect(connection.$stats.get().links).toBe(1)
  },
)

test('a laptop that slept does not take its own silence for that of the remote', async () => {
  const { clock, net, late, connection, states, settled } = await createConnected()
  for (const seconds of [2, 10, 25]) {
    const wakesAt = clock.now() + 1000 * seconds
    late.until = (due) => Math.max(due, wakesAt)
    const heal = net.cut('laptop', 'nas', { silent: true })
    await clock.advance(1000 * seconds - 1)
    heal()
    late.until = (due) => due
    await clock.advance(10_000)
    expect(states.here).toEqual([])
  }
  expect(await settled(connection.request('hello', null))).toBe('hi')
  expect(connection.$stats.get().links).toBe(1)
  // The device did hear nothing for ten seconds and more, and knows by now that this is over.
  expect(states.there).toEqual(['unstable', 'open', 'unstable', 'open'])
})

test('a remote that dies while the timers are late is found out, in so many of them as it takes otherwise', async () => {
  const { clock, net, late, connection, state } = await createConnected()
  late.until = (due) => Math.ceil(due / 1000) * 1000
  await clock.advance(60_000)
  net.kill('nas')
  const begun = clock.now()
  await clock.runUntil(() => state(connection) === 'unstable')
  expect(clock.now() - begun).toBeLessThanOrEqual(5000)
})
