import type { Engine, EngineNode } from '../engine'
import { expireOf, isQueued, type Message } from '../protocol/messages'
import { type Displacements, displacedAgain } from './displacements'
import { createExpiry, type Expiry } from './expiry'

interface Owned {
  readonly owner: string
  readonly generation: number
  readonly displacements?: Displacements
}

interface Entry {
  readonly ticket: number
  readonly text: string
}

/** The engine of a server that is alone: everything is in this process's memory, and ends with it. */
export const memoryEngine = (): Engine => {
  const owned = new Map<string, Owned>()
  const queues = new Map<string, Entry[]>()
  const counts = { forwarded: 0, queued: 0, expired: 0 }
  let generations = 0
  let node: EngineNode | undefined
  let expiry: Expiry | undefined

  /** Takes back what still waits under this ticket. @returns whether anything did */
  const takeBack = (dst: string, ticket: number): boolean => {
    const queue = queues.get(dst)
    const left = queue?.filter((entry) => entry.ticket !== ticket) ?? []
    if (left.length > 0) queues.set(dst, left)
    else queues.delete(dst)
    return queue !== undefined && left.length < queue.length
  }

  const expire = (pair: { src: string; dst: string }) => {
    counts.expired += 1
    node?.deliver(expireOf(pair))
  }

  const wait = (message: Message) => {
    const queue = queues.get(message.dst) ?? []
    const isFull = queue.length >= (node?.settings.queued ?? 0)
    const pair = isFull ? null : expiry?.add(message.src, message.dst, message.text)
    if (!pair) return expire(message)
    counts.queued += 1
    queue.push({ ticket: pair.ticket, text: message.text })
    queues.set(message.dst, queue)
  }

  return {
    counts,
    async start(given) {
      node = given
      expiry = createExpiry(given.settings.expire, (pairs) => {
        for (const pair of pairs) if (takeBack(pair.dst, pair.ticket)) expire(pair)
      })
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
      // Whoever claims is there to be delivered to before another frame is read, so nothing waits unseen.
      if (isQueued(message)) wait(message)
    },
    ids: async () => [...owned.keys()],
    isReady: () => node !== undefined,
    async stop() {
      expiry?.stop()
      owned.clear()
      queues.clear()
    },
  }
}
