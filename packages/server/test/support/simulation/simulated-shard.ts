import type { Script } from '../../../src/engines/redis/scripts'
import type { Shard, ShardEvents } from '../../../src/engines/redis/shard'
import type { SimulatedRedis, Subscriber } from './simulated-redis'

/** Longest time that a request, a reply or a letter takes, in ms. */
const longestDelay = 40

type Way = 'request' | 'reply' | 'letter'

interface Request {
  readonly script: Script
  readonly args: readonly string[]
  reject(error: Error): void
}

/** One node's connections to a simulated Redis: each in its own order, as TCP is, and with delays between them. */
export class SimulatedShard implements Shard {
  readonly name = 'simulated'
  readonly #redis: SimulatedRedis
  readonly #random: () => number
  readonly #pending = new Set<Request>()
  #subscriber: Subscriber | null = null
  #events: ShardEvents | null = null
  #inbox = ''
  #isCut = false
  #isMute = false
  /** When the last one that was sent arrives, on each way, in ms since 1970. */
  readonly #arrivals: Record<Way, number> = { request: 0, reply: 0, letter: 0 }

  constructor(redis: SimulatedRedis, random: () => number) {
    this.#redis = redis
    this.#random = random
  }

  open(inbox: string, events: ShardEvents): void {
    this.#inbox = inbox
    this.#events = events
    this.#subscribe()
    events.up()
  }

  run(script: Script, args: readonly string[]): Promise<unknown> {
    if (this.#isCut) return Promise.reject(new Error('The node is cut off.'))
    return new Promise((resolve, reject) => {
      const request: Request = { script, args, reject }
      this.#pending.add(request)
      this.#later('request', () => {
        if (!this.#pending.has(request)) return
        const reply = this.#redis.run(script, args)
        this.#later('reply', () => this.#pending.delete(request) && resolve(reply))
      })
    })
  }

  keys = async (start: string): Promise<string[]> => this.#redis.keys(start)

  /** The node's own remedy for connections that are dead and do not know it. */
  reset(): void {
    this.cut()
    this.heal()
  }

  close(): void {
    this.cut()
  }

  /** Both connections break. What was on its way may have arrived, or not. */
  cut(): void {
    this.#isCut = true
    this.deafen()
    for (const { script, args, reject } of this.#pending) {
      if (this.#random() < 0.5) this.#redis.run(script, args)
      reject(new Error('The connection broke.'))
    }
    this.#pending.clear()
    this.#events?.failed(new Error('The connection broke.'))
  }

  /** The inbox is not read any more, and Redis knows it. */
  deafen(): void {
    if (this.#subscriber) this.#redis.subscribers.delete(this.#subscriber)
    this.#subscriber = null
  }

  /** The inbox is not read any more, and Redis does not know it. */
  mute(): void {
    this.#isMute = true
  }

  /** Nothing arrives for so long, either way; then all of it does. */
  stall(ms: number): void {
    const end = Date.now() + ms
    for (const way of ['request', 'reply', 'letter'] as const) {
      this.#arrivals[way] = Math.max(this.#arrivals[way], end)
    }
  }

  heal(): void {
    this.#isCut = false
    this.#isMute = false
    this.deafen()
    this.#subscribe()
    this.#events?.up()
  }

  #subscribe(): void {
    const subscriber: Subscriber = {
      channel: this.#inbox,
      receive: (text) => {
        this.#later('letter', () => {
          if (!this.#isMute && subscriber === this.#subscriber) this.#events?.received(text)
        })
      },
    }
    this.#subscriber = subscriber
    this.#redis.subscribers.add(subscriber)
  }

  #later(way: Way, action: () => void): void {
    const arrival = Math.max(this.#arrivals[way], Date.now() + Math.floor(this.#random() * longestDelay))
    this.#arrivals[way] = arrival
    setTimeout(action, arrival - Date.now())
  }
}
