import { describe, expect, it, vi } from 'vitest'
import { redisEngine } from '../../src/index'
import { createMessage } from '../../src/protocol/messages'
import { patience } from '../support/patience'
import { redisPath, startRedis } from '../support/redis-server'
import { describeEngine, startNode } from './engine-suite'

describe.skipIf(!redisPath)('on a real Redis', () => {
  /** A Redis, and nodes on it that are ready. */
  const startNodes = async (count: number, { recovery = 1, expire = 5_000 } = {}) => {
    const redis = await startRedis()
    const start = async () => {
      const node = await startNode(redisEngine({ urls: redis.url, recovery }), expire)
      await vi.waitUntil(() => node.engine.isReady(), patience)
      return node
    }
    return { redis, start, nodes: await Promise.all(Array.from({ length: count }, start)) }
  }

  describeEngine('redisEngine', async () => {
    const redis = await startRedis()
    return redisEngine({ urls: redis.url, recovery: 1 })
  })

  describeEngine('redisEngine on two shards', async () => {
    const redis = await Promise.all([startRedis(), startRedis()])
    return redisEngine({ urls: redis.map(({ url }) => url), recovery: 1 })
  })

  describe('two nodes', () => {
    it('bring messages to each other', async () => {
      const { nodes } = await startNodes(2)
      const [one, two] = nodes as [(typeof nodes)[0], (typeof nodes)[0]]
      await one.claim('bob')
      two.engine.route(createMessage('OFFER', 'alice', 'bob', 1))
      await vi.waitUntil(() => one.delivered.length > 0, patience)
      expect(one.delivered).toEqual([{ dst: 'bob', text: createMessage('OFFER', 'alice', 'bob', 1).text }])
      await vi.waitUntil(() => two.engine.counts.forwarded === 1, patience)
    })

    it('do not list the ids of one that has gone', async () => {
      const { nodes } = await startNodes(2)
      const [one, two] = nodes as [(typeof nodes)[0], (typeof nodes)[0]]
      await one.claim('bob')
      await two.claim('carol')
      expect([...(await two.engine.ids())].sort()).toEqual(['bob', 'carol'])
      await one.engine.stop()
      expect(await two.engine.ids()).toEqual(['carol'])
    })

    it('let the same owner take an id over, and end the one that had it', async () => {
      const { nodes } = await startNodes(2)
      const [one, two] = nodes as [(typeof nodes)[0], (typeof nodes)[0]]
      await one.claim('bob')
      expect(await two.claim('bob')).toMatchObject({ state: 'granted' })
      await vi.waitUntil(() => one.displaced.length > 0, patience)
      expect(one.displaced).toEqual(['bob'])
    })

    it('refuse another owner while the holder’s node lives', async () => {
      const { nodes } = await startNodes(2)
      const [one, two] = nodes as [(typeof nodes)[0], (typeof nodes)[0]]
      await one.claim('bob', 'one')
      expect(await two.claim('bob', 'two')).toEqual({ state: 'taken' })
      expect(one.displaced).toEqual([])
    })

    it('refuse the third displacement between them', async () => {
      const { nodes } = await startNodes(2)
      const [one, two] = nodes as [(typeof nodes)[0], (typeof nodes)[0]]
      const states = []
      for (const node of [one, two, one, two]) states.push((await node.claim('bob')).state)
      expect(states).toEqual(['granted', 'granted', 'granted', 'taken'])
    })

    it('give an id of a node that left to anybody', async () => {
      const { nodes } = await startNodes(2)
      const [one, two] = nodes as [(typeof nodes)[0], (typeof nodes)[0]]
      await one.claim('bob', 'one')
      await one.engine.stop()
      expect(await two.claim('bob', 'two')).toMatchObject({ state: 'granted' })
    })

    it('hand over at one node what waited by way of the other', async () => {
      const { nodes } = await startNodes(2)
      const [one, two] = nodes as [(typeof nodes)[0], (typeof nodes)[0]]
      one.engine.route(createMessage('OFFER', 'alice', 'bob', 1))
      await vi.waitUntil(() => one.engine.counts.queued === 1, patience)
      expect(await two.claim('bob')).toMatchObject({
        waiting: [createMessage('OFFER', 'alice', 'bob', 1).text],
      })
    })

    it('say EXPIRE where the source is, when it has moved meanwhile', async () => {
      const { nodes } = await startNodes(2, { expire: 300 })
      const [one, two] = nodes as [(typeof nodes)[0], (typeof nodes)[0]]
      one.engine.route(createMessage('OFFER', 'alice', 'bob', 1))
      await two.claim('alice')
      await vi.waitUntil(() => two.delivered.length > 0, patience)
      expect(two.delivered[0]?.text).toBe('{"type":"EXPIRE","src":"bob","dst":"alice"}')
    })

    it('give back an id whose release Redis never heard of, when somebody asks for it', async () => {
      const { nodes } = await startNodes(2)
      const [one, two] = nodes as [(typeof nodes)[0], (typeof nodes)[0]]
      await one.claim('bob', 'one')
      one.forget('bob')
      expect(await two.claim('bob', 'two')).toEqual({ state: 'taken' })
      await expect.poll(() => two.claim('bob', 'two')).toMatchObject({ state: 'granted' })
    })

    it('let wait what is sent to an id whose release Redis never heard of', async () => {
      const { nodes } = await startNodes(2)
      const [one, two] = nodes as [(typeof nodes)[0], (typeof nodes)[0]]
      await one.claim('bob')
      one.forget('bob')
      two.engine.route(createMessage('OFFER', 'alice', 'bob', 1))
      await vi.waitUntil(() => one.engine.counts.queued === 1, patience)
      expect(await two.claim('bob')).toMatchObject({
        waiting: [createMessage('OFFER', 'alice', 'bob', 1).text],
      })
    })

    it('list the ids of both', async () => {
      const { nodes } = await startNodes(2)
      const [one, two] = nodes as [(typeof nodes)[0], (typeof nodes)[0]]
      await one.claim('alice')
      await two.claim('bob')
      expect([...(await one.engine.ids())].sort()).toEqual(['alice', 'bob'])
    })
  })

  describe('a Redis that is emptied', () => {
    it('learns again who holds what, and lets nobody else in before', async () => {
      const { redis, nodes, start } = await startNodes(1, { recovery: 3_000 })
      const [one] = nodes as [(typeof nodes)[0]]
      expect(await one.claim('bob', 'one')).toMatchObject({ state: 'granted' })
      await redis.kill()
      await vi.waitUntil(() => !one.engine.isReady(), patience)
      await redis.start()
      const two = await start()
      expect(await two.claim('bob', 'two')).toEqual({ state: 'taken' })
      await vi.waitUntil(() => one.engine.isReady(), patience)
      two.engine.route(createMessage('OFFER', 'alice', 'bob', 1))
      await vi.waitUntil(() => one.delivered.length > 0, patience)
      expect(one.displaced).toEqual([])
    })
  })

  it('starts without a Redis, and is ready when there is one', async () => {
    const redis = await startRedis()
    await redis.kill()
    const node = await startNode(redisEngine({ urls: redis.url, recovery: 1 }))
    expect(node.engine.isReady()).toBe(false)
    await redis.start()
    await vi.waitUntil(() => node.engine.isReady(), patience)
    expect(await node.claim('bob')).toMatchObject({ state: 'granted' })
  })

  it('says EXPIRE at once while Redis is away', async () => {
    const { redis, nodes } = await startNodes(1)
    const [one] = nodes as [(typeof nodes)[0]]
    await one.claim('alice')
    await redis.kill()
    await vi.waitUntil(() => !one.engine.isReady(), patience)
    one.engine.route(createMessage('OFFER', 'alice', 'bob', 1))
    await vi.waitUntil(() => one.delivered.length > 0, patience)
    expect(one.delivered[0]?.text).toContain('EXPIRE')
  })
})
