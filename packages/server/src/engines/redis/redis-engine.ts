import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { Engine, EngineCounts, EngineNode } from '../../engine'
import { type Message, readMessage } from '../../protocol/messages'
import { Claims } from './claims'
import { readLetter } from './inbox'
import { Member } from './member'
import { createRedisShard } from './redis-shard'
import { Routes } from './routes'
import type { Script } from './scripts'
import type { Shard } from './shard'

/** Options of {@link redisEngine}. */
export interface RedisEngineOptions {
  /**
   * Where Redis or Valkey is: `redis://user:password@host:port`, `rediss://` with TLS. Several are shards, independent of each
   * other, each with the ids that its place in the list makes its own; all nodes need the same list in the same order. No Redis
   * Cluster.
   */
  readonly urls: string | readonly string[]
  /** Begins every key and channel, so that a Redis can be shared. @default 'nanopeer:' */
  readonly prefix?: string | undefined
  /** Ms in which only those are let in who were there before, after a Redis was found empty. @default 3_000 */
  readonly recovery?: number | undefined
}

/**
 * The engine of several nodes that share one Redis, or several. What is kept there can be lost: the nodes know it, and say it
 * again. While Redis is away clients stay connected, those of one node still reach each other, and `/ready` says 503.
 *
 * Whoever can write to this Redis can pose as whatever id it likes: keep it to the nodes, with a password and TLS.
 *
 * @example
 * const engine = redisEngine({ urls: 'redis://:password@10.0.0.5:6379' })
 */
export const redisEngine = ({ urls, ...options }: RedisEngineOptions): Engine =>
  shardedEngine([urls].flat().map(createRedisShard), options)

/** The engine on any shards. */
export const shardedEngine = (
  shards: readonly Shard[],
  { prefix = 'nanopeer:', recovery = 3_000 }: Omit<RedisEngineOptions, 'urls'> = {},
): Engine => {
  if (shards.length === 0) throw new RangeError('redisEngine() needs at least one URL.')
  const name = randomBytes(6).toString('base64url')
  const counts: EngineCounts = { forwarded: 0, queued: 0, expired: 0 }
  let running: ReturnType<typeof run> | null = null

  const shardOf = (id: string) => (shards.length === 1 ? 0 : crc32(id) % shards.length)

  const run = (node: EngineNode) => {
    const received = (text: string) => onLetter(text)
    const members = shards.map(
      (shard, index) =>
        new Member(shard, { name, prefix, node, received, isFor: (id) => shardOf(id) === index }),
    )
    const runScript = (id: string, script: Script, args: readonly string[]) =>
      (members[shardOf(id)] as Member).run(script, args)
    const held = (id: string, generation: number) => node.generationOf(id) === generation
    const routes = new Routes({ node, counts, run: runScript })
    const claims = new Claims({
      name,
      recovery,
      run: runScript,
      holds: held,
      displace: node.displace,
      returned: (frames) => {
        for (const text of frames) routes.send(readMessage(text), 'first')
      },
    })

    const deliver = (id: string, text: string, way: 'first' | 'again') => {
      if (node.deliver({ dst: id, text })) return
      // The letter overtook the answer to the claim: it is for whoever is about to be there.
      const isExpected = claims.whenSettled(id, () => deliver(id, text, way), node.settings.queued)
      if (!isExpected) routes.astray(text, way)
    }

    /** A message of this node's clients. While its destination is being asked for it waits: it may be one of them soon. */
    const route = (message: Message) => {
      const deliverOrSend = () => {
        if (!node.deliver(message)) route(message)
      }
      const isExpected = claims.whenSettled(message.dst, deliverOrSend, node.settings.queued)
      if (!isExpected) routes.send(message, 'first')
    }

    const displace = (id: string, generation: number) => {
      node.displace(id, generation)
      claims.whenSettled(id, () => node.displace(id, generation))
    }

    const check = (id: string, generation: number) => {
      if (!claims.isPending(id) && !held(id, generation)) claims.release(id, generation)
    }

    const onLetter = (text: string) => {
      const letter = readLetter(text)
      if (!letter)
        return node.logger.warn({ size: text.length }, 'A letter of another version is left unread')
      if (letter.kind === 'first' || letter.kind === 'again') deliver(letter.id, letter.text, letter.kind)
      else if (letter.kind === 'displaced') displace(letter.id, letter.generation)
      else if (letter.kind === 'check') check(letter.id, letter.generation)
    }

    for (const member of members) member.start()
    return { members, claims, routes, route }
  }

  return {
    counts,
    async start(node) {
      running = run(node)
    },
    claim: async (id, owner) => (await running?.claims.claim(id, owner)) ?? { state: 'unavailable' },
    release: (id, generation) => running?.claims.release(id, generation),
    route: (message) => running?.route(message),
    async ids() {
      const found = await Promise.all((running?.members ?? []).map((member) => member.ids()))
      return [...new Set(found.flat())]
    },
    isReady: () => running?.members.every((member) => member.isReady) ?? false,
    async stop() {
      const stopping = running
      running = null
      await Promise.all((stopping?.members ?? []).map((member) => member.leave()))
      stopping?.routes.stop()
      for (const member of stopping?.members ?? []) member.close()
    },
  }
}
