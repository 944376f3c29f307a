import type { Engine, EngineNode } from '../engine'
import { expireOf, isQueued, type Message } from '../protocol/messages'
import { sourceShare } from '../source-share'
import { type Displacements, displacedAgain } from './displacements'
import { createExpiry, type Expiry, type WaitingPair } from './expiry'

interface Owned {
  readonly owner: string
  readonly generation: number
  readonly displacements?: Displacements
}

/** Whether a source has less waiting than its part of what is free. */
const hasRoom = (queue: readonly Message[], { src }: Message, free: number): boolean =>
  queue.filter((waiting) => waiting.src === src).length <= free * sourceShare

/** The engine of a server that is alone: everything is in this process's memory, and ends with it. */
export const memoryEngine = (): Engine => {
  const owned = new Map<string, Owned>()
  const queues = new Map<string, Message[]>()
  const counts = { forwarded: 0, queued: 0, expired: 0 }
  let generations = 0
  let serving: { readonly node: EngineNode; readonly expiry: Expiry } | null = null

  /** Takes back what a source still has waiting. @returns whether anything was */
  const takeBack = ({ src, dst }: WaitingPair): boolean => {
    const queue = queues.get(dst)
    const left = queue?.filter((message) => message.src !== src) ?? []
    if (left.length > 0) queues.set(dst, left)
    else queues.delete(dst)
    return queue !== undefined && left.length < queue.length
  }

  const expire = (pair: WaitingPair) => {
    counts.expired += 1
    serving?.node.deliver(expireOf(pair))
  }

  const wait = (message: Message) => {
    if (!serving || !isQueued(message)) return
    const { node, expiry } = serving
    const queue = queues.get(message.dst) ?? []
    const free = node.settings.queued - queue.length
    if (expiry.isFull || free <= 0 || !hasRoom(queue, message, free)) return expire(message)
    const isFirst = queue.every(({ src }) => src !== message.src)
    queue.push(message)
    queues.set(message.dst, queue)
    counts.queued += 1
    expiry.add(message, isFirst)
  }

  return {
    counts,
    async start(node) {
      const expiry = createExpiry(node.settings.expire, (pair) => takeBack(pair) && expire(pair))
      serving = { node, expiry }
    },
    async claim(id, owner) {
      const before = owned.get(id)
      if (before && before.owner !== owner) return { state: 'taken' }
      const displacements = before && displacedAgain(before.displacements, Date.now())
      if (displacements === null) return { state: 'taken' }
      generations += 1
      owned.set(id, { owner, generation: generations, displacements })
      const waiting = queues.get(id)?.map(({ text }) => text) ?? []
      queues.delete(id)
      return { state: 'granted', generation: generations, waiting }
    },
    release(id, generation) {
      if (owned.get(id)?.generation === generation) owned.delete(id)
    },
    route(message) {
      if (!owned.has(message.dst)) return wait(message)
      // Its claim was granted in this turn, and whoever asked is about to hold it.
      setImmediate(() => serving?.node.deliver(message) || wait(message))
    },
    ids: async () => [...owned.keys()],
    isReady: () => serving !== null,
    async stop() {
      serving?.expiry.stop()
      serving = null
      owned.clear()
      queues.clear()
    },
  }
}
