import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { shardedEngine } from '../../src/engines/redis/redis-engine'
import { createMessage } from '../../src/protocol/messages'
import { SimulatedRedis } from '../support/simulation/simulated-redis'
import { SimulatedShard } from '../support/simulation/simulated-shard'
import { createNode, type TestNode } from './engine-suite'

/** Storms that are tried: `SIMULATION_SEEDS` for more. */
const seeds = Number(process.env.SIMULATION_SEEDS ?? 40)
const ids = ['alice', 'bob', 'carol']
const owners = ['one', 'two']
/** Ms after which everything has to be well: connections are given up after three leases, and claims may take 5 s. */
const healingTime = 20_000

/** A generator of numbers from 0 to 1, the same for the same seed (mulberry32). */
const createRandom = (seed: number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const createWorld = async (seed: number, count = 3) => {
  const random = createRandom(seed)
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)] as Item
  const redis = new SimulatedRedis()
  const shards = Array.from({ length: count }, () => new SimulatedShard(redis, random))
  const nodes = await Promise.all(
    shards.map((shard) => createNode(shardedEngine([shard], { recovery: 1_500 }))),
  )
  await vi.advanceTimersByTimeAsync(3_000)
  return { random, pick, redis, shards, nodes }
}

type World = Awaited<ReturnType<typeof createWorld>>

const holdersOf = (nodes: readonly TestNode[], id: string) => nodes.filter((node) => node.holdings.has(id))

/** One random thing that happens. */
const disturb = ({ random, pick, redis, shards, nodes }: World): void => {
  const shard = pick(shards)
  const id = pick(ids)
  const action = random()
  if (action < 0.45) void pick(nodes).claim(id, pick(owners))
  else if (action < 0.55) {
    const [holder] = holdersOf(nodes, id)
    holder?.release(id)
  } else if (action < 0.7) pick(nodes).engine.route(createMessage('OFFER', pick(ids), id))
  else if (action < 0.76) shard.cut()
  else if (action < 0.8) shard.deafen()
  else if (action < 0.83) shard.mute()
  else if (action < 0.9) shard.stall(random() * 5_000)
  else if (action < 0.98) shard.heal()
  else redis.empty()
}

/** Moves the clock until a promise has settled, for so many ms at most. */
const settled = async <Value>(promise: Promise<Value>, most = 10_000): Promise<Value> => {
  let isSettled = false
  const watched = promise.finally(() => {
    isSettled = true
  })
  for (let passed = 0; passed < most && !isSettled; passed += 50) await vi.advanceTimersByTimeAsync(50)
  if (!isSettled) throw new Error(`Nothing came of it within ${most} ms.`)
  return watched
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const stop = (nodes: readonly TestNode[]) => settled(Promise.all(nodes.map(({ engine }) => engine.stop())))

describe('three nodes in a storm', () => {
  it(`agree on who holds what once it is over (${seeds} storms)`, { timeout: 600_000 }, async () => {
    for (let seed = 1; seed <= seeds; seed += 1) {
      const world = await createWorld(seed)
      for (let step = 0; step < 60; step += 1) {
        disturb(world)
        await vi.advanceTimersByTimeAsync(world.random() * 500)
      }
      for (const shard of world.shards) shard.heal()
      await vi.advanceTimersByTimeAsync(healingTime)

      for (const id of ids) {
        const holders = holdersOf(world.nodes, id)
        expect(holders.length, `holders of ${id}, seed ${seed}`).toBeLessThanOrEqual(1)
        for (const node of world.nodes) {
          for (const one of world.nodes) one.delivered.length = 0
          node.engine.route(createMessage('LEAVE', 'somebody', id))
          await vi.advanceTimersByTimeAsync(300)
          const reached = world.nodes.filter((one) => one !== node && one.delivered.length > 0)
          const expected = holders.filter((one) => one !== node)
          expect(reached.length, `reached of ${id}, seed ${seed}`).toBe(expected.length)
        }
      }
      await stop(world.nodes)
    }
  })

  it(`never lose an id of an undisturbed node to a stranger (${seeds} storms)`, {
    timeout: 300_000,
  }, async () => {
    for (let seed = 1; seed <= seeds; seed += 1) {
      const world = await createWorld(seed)
      const [calm, ...others] = world.nodes as [TestNode, ...TestNode[]]
      await settled(calm.claim('alice', 'calm'))
      const stormy = { ...world, nodes: others, shards: world.shards.slice(1) }
      for (let step = 0; step < 60; step += 1) {
        disturb(stormy)
        await vi.advanceTimersByTimeAsync(world.random() * 500)
        expect(calm.holdings.has('alice'), `seed ${seed}, step ${step}`).toBe(true)
        expect(holdersOf(others, 'alice'), `seed ${seed}, step ${step}`).toEqual([])
      }
      await stop(world.nodes)
    }
  })
})

describe('a node whose inbox is flooded off for a moment', () => {
  it('does not lose its ids to strangers', async () => {
    const { shards, nodes } = await createWorld(1, 2)
    const [one, two] = nodes as [TestNode, TestNode]
    await settled(one.claim('bob', 'one'))
    shards[0]?.deafen()
    const claimed = two.claim('bob', 'two')
    await vi.advanceTimersByTimeAsync(700)
    shards[0]?.heal()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await settled(claimed)).toEqual({ state: 'taken' })
    await stop(nodes)
  })
})

describe('a node that is gone', () => {
  it.each([
    ['after its lease, where Redis still counts its inbox', 'mute'],
    ['after a second, where Redis knows that its inbox is closed', 'deafen'],
  ] as const)('gives its ids to strangers %s', async (_what, how) => {
    const { shards, nodes } = await createWorld(1, 2)
    const [one, two] = nodes as [TestNode, TestNode]
    await settled(one.claim('bob', 'one'))
    shards[0]?.[how]()
    shards[0]?.stall(60_000)
    const start = Date.now()
    const states: string[] = []
    while (states.at(-1) !== 'granted') {
      states.push((await settled(two.claim('bob', 'two'))).state)
    }
    expect(Date.now() - start).toBeLessThan(how === 'mute' ? 5_000 : 3_100)
    await stop(nodes)
  })
})

describe('a Redis that stood still for longer than all leases', () => {
  it('gives nobody’s ids to strangers when it goes on', async () => {
    const { shards, nodes } = await createWorld(1, 2)
    const [one, two] = nodes as [TestNode, TestNode]
    await settled(one.claim('bob', 'one'))
    for (const shard of shards) shard.stall(5_000)
    await vi.advanceTimersByTimeAsync(4_000)
    const claimed = two.claim('bob', 'two')
    await vi.advanceTimersByTimeAsync(4_000)
    expect(await settled(claimed)).toEqual({ state: 'taken' })
    expect(one.holdings.has('bob')).toBe(true)
    await stop(nodes)
  })
})
