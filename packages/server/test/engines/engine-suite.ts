import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Engine, EngineNode, Holding } from '../../src/index'
import { silent } from '../../src/logger'
import { createMessage } from '../../src/protocol/messages'
import { patience } from '../support/patience'

/** A node without sockets: what it was told, and whom it holds. */
export interface TestNode {
  readonly engine: Engine
  /** Frames that were delivered here, by destination. */
  readonly delivered: { readonly dst: string; readonly text: string }[]
  readonly displaced: string[]
  readonly holdings: ReadonlyMap<string, Holding>
  /** Claims, and holds what is granted. */
  claim(id: string, owner?: string): ReturnType<Engine['claim']>
  release(id: string): void
  /** Loses an id without saying so, as where that could not be said. */
  forget(id: string): void
}

const settings = { expire: 5_000, lease: 2_000, queued: 20 }

/** Starts a node that is stopped when the test is over. */
export const startNode = async (engine: Engine, expire?: number): Promise<TestNode> => {
  onTestFinished(() => engine.stop())
  return createNode(engine, expire)
}

export const createNode = async (engine: Engine, expire = settings.expire): Promise<TestNode> => {
  const holdings = new Map<string, Holding>()
  const delivered: TestNode['delivered'] = []
  const displaced: string[] = []
  const node: EngineNode = {
    settings: { ...settings, expire },
    deliver({ dst, text }) {
      if (!holdings.has(dst)) return false
      delivered.push({ dst, text })
      return true
    },
    displace(id, generation) {
      if ((holdings.get(id)?.generation ?? generation) >= generation) return
      holdings.delete(id)
      displaced.push(id)
    },
    logger: silent,
    generationOf: (id) => holdings.get(id)?.generation ?? null,
    held: () => holdings.values(),
  }
  await engine.start(node)
  return {
    engine,
    delivered,
    displaced,
    holdings,
    async claim(id, owner = 'owner') {
      const claimed = await engine.claim(id, owner)
      if (claimed.state !== 'granted') return claimed
      const { generation } = claimed
      if ((holdings.get(id)?.generation ?? 0) > generation) engine.release(id, generation)
      else holdings.set(id, { id, owner, generation })
      return claimed
    },
    forget: (id) => void holdings.delete(id),
    release(id) {
      const held = holdings.get(id)
      if (!held) throw new Error(`${id} is not held here.`)
      holdings.delete(id)
      engine.release(id, held.generation)
    },
  }
}

const message = (payload: unknown, type = 'OFFER') => createMessage(type, 'alice', 'bob', payload)
const granted = { state: 'granted', generation: expect.any(Number), waiting: [] }

/** What every engine does for a node that is alone. */
export const describeEngine = (name: string, create: () => Engine | Promise<Engine>): void => {
  describe(`${name}, for one node`, () => {
    const start = async (expire?: number) => {
      const node = await startNode(await create(), expire)
      await vi.waitUntil(() => node.engine.isReady(), patience)
      return node
    }

    it('grants an id that nobody holds', async () => {
      const node = await start()
      expect(await node.claim('bob')).toEqual(granted)
      expect(node.engine.isReady()).toBe(true)
    })

    it('refuses another owner until the id is released', async () => {
      const node = await start()
      await node.claim('bob', 'one')
      expect(await node.claim('bob', 'two')).toEqual({ state: 'taken' })
      node.release('bob')
      await expect.poll(() => node.claim('bob', 'two')).toEqual(granted)
    })

    it('raises the generation with every claim', async () => {
      const node = await start()
      const [first, second] = [await node.claim('bob'), await node.claim('bob')]
      if (first.state !== 'granted' || second.state !== 'granted') throw new Error('Not granted.')
      expect(second.generation).toBeGreaterThan(first.generation)
    })

    it('does not release what was claimed again since', async () => {
      const node = await start()
      const first = await node.claim('bob', 'one')
      if (first.state !== 'granted') throw new Error('Not granted.')
      await node.claim('bob', 'one')
      node.engine.release('bob', first.generation)
      expect(await node.claim('bob', 'two')).toEqual({ state: 'taken' })
    })

    it('refuses the third displacement within ten seconds', async () => {
      const node = await start()
      const states = []
      for (let claims = 0; claims < 4; claims += 1) states.push((await node.claim('bob')).state)
      expect(states).toEqual(['granted', 'granted', 'granted', 'taken'])
    })

    it('does not count those who come back after they left', async () => {
      const node = await start()
      for (let claims = 0; claims < 6; claims += 1) {
        expect(await node.claim('bob')).toEqual(granted)
        node.release('bob')
      }
    })

    it('hands over what waited, in its order, and once', async () => {
      const node = await start()
      node.engine.route(message(1))
      node.engine.route(message(2, 'CANDIDATE'))
      await vi.waitUntil(() => node.engine.counts.queued === 2, patience)
      const claimed = await node.claim('bob')
      expect(claimed).toEqual({ ...granted, waiting: [message(1).text, message(2, 'CANDIDATE').text] })
      expect(await node.claim('bob')).toEqual(granted)
    })

    it('keeps places free for others where one source lets wait what it can, each time anew', async () => {
      const node = await start()
      for (const round of [1, 2]) {
        for (let sent = 0; sent < 20; sent += 1) node.engine.route(message(sent))
        node.engine.route(createMessage('OFFER', 'carol', 'bob', round))
        const isSettled = ({ queued, expired }: Engine['counts']) => queued + expired === 21 * round
        await vi.waitUntil(() => isSettled(node.engine.counts), patience)
        const claimed = await node.claim('bob')
        const frames = claimed.state === 'granted' ? claimed.waiting : []
        const of = (source: string) => frames.filter((text) => JSON.parse(text).src === source)
        expect(of('carol')).toHaveLength(1)
        // A quarter of what is free: four, and a fifth where sixteen places are.
        expect([4, 5]).toContain(of('alice').length)
        node.release('bob')
      }
    })

    it('loses nothing that is sent while a claim is being answered', async () => {
      const node = await start()
      node.engine.route(message(0))
      const claiming = node.claim('bob')
      node.engine.route(message(1))
      const claimed = await claiming
      node.engine.route(message(2))
      if (claimed.state !== 'granted') throw new Error('Not granted.')
      const arrived = () => [...claimed.waiting, ...node.delivered.map(({ text }) => text)]
      await vi.waitUntil(() => arrived().length === 3, patience)
      expect(arrived().sort()).toEqual([0, 1, 2].map((payload) => message(payload).text))
    })

    it('lets no goodbye wait', async () => {
      const node = await start()
      node.engine.route(message(1, 'LEAVE'))
      node.engine.route(message(1, 'EXPIRE'))
      expect(await node.claim('bob')).toEqual(granted)
    })

    it('says EXPIRE once for all that a source had waiting', async () => {
      const node = await start(300)
      await node.claim('alice')
      node.engine.route(message(1))
      node.engine.route(message(2))
      await vi.waitUntil(() => node.delivered.length > 0, patience)
      expect(node.delivered).toEqual([{ dst: 'alice', text: '{"type":"EXPIRE","src":"bob","dst":"alice"}' }])
      expect(await node.claim('bob')).toEqual(granted)
      expect(node.engine.counts.expired).toBe(1)
    })

    it('says no EXPIRE for what was handed over', async () => {
      // Time enough for two calls of the engine on a busy machine, and waited for in the end.
      const node = await start(2_000)
      await node.claim('alice')
      node.engine.route(message(1))
      await vi.waitUntil(() => node.engine.counts.queued === 1, { ...patience, interval: 5 })
      const claimed = await node.claim('bob')
      expect(claimed).toMatchObject({ waiting: [message(1).text] })
      node.engine.route(createMessage('OFFER', 'alice', 'carol'))
      await vi.waitUntil(() => node.delivered.length > 0, patience)
      expect(node.delivered.map(({ text }) => JSON.parse(text).src)).toEqual(['carol'])
    })

    it('lets a message wait its whole time, shortly after another of its source was handed over', async () => {
      const node = await start(2_000)
      await node.claim('alice')
      node.engine.route(message(1))
      await vi.waitUntil(() => node.engine.counts.queued === 1, { ...patience, interval: 5 })
      await node.claim('bob')
      node.release('bob')
      const half = performance.now() + 1_000
      await vi.waitUntil(() => performance.now() > half, patience)
      const since = performance.now()
      node.engine.route(message(2))
      await vi.waitUntil(() => node.delivered.length > 0, patience)
      expect(performance.now() - since).toBeGreaterThan(1_500)
      expect(node.engine.counts.expired).toBe(1)
    })

    it('says EXPIRE at once where too much waits', async () => {
      const node = await start()
      await node.claim('alice')
      for (let payload = 0; payload < 6; payload += 1) node.engine.route(message(payload))
      await vi.waitUntil(() => node.delivered.length > 0, patience)
      const claimed = await node.claim('bob')
      expect(claimed).toMatchObject({ waiting: [0, 1, 2, 3, 4].map((payload) => message(payload).text) })
    })

    it('lists all ids', async () => {
      const node = await start()
      await node.claim('alice')
      await node.claim('bob')
      expect([...(await node.engine.ids())].sort()).toEqual(['alice', 'bob'])
    })
  })
}
