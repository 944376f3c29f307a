import type { Script } from '../../../src/engines/redis/scripts'
import { createLua, type Reply } from './lua'

type Value = string | string[] | Map<string, string>

/** A reader of a channel. One that is `mute` counts, and hears nothing: its machine has lost its power. */
export interface Subscriber {
  readonly channel: string
  receive(text: string): void
}

/** The commands that the scripts use, on a clock that tests move. The scripts themselves are the real ones. */
export class SimulatedRedis {
  #values = new Map<string, Value>()
  #ends = new Map<string, number>()
  readonly subscribers = new Set<Subscriber>()
  readonly #lua = createLua((args) => this.#call(args))

  run(script: Script, args: readonly string[]): Reply {
    return this.#lua(script.source, args)
  }

  keys(start: string): string[] {
    return [...this.#values.keys()]
      .filter((key) => key.startsWith(start))
      .map((key) => key.slice(start.length))
  }

  /** Loses everything, as when it is restarted. */
  empty(): void {
    this.#values = new Map()
    this.#ends = new Map()
  }

  #get(key: string): Value | undefined {
    if ((this.#ends.get(key) ?? Number.POSITIVE_INFINITY) <= Date.now()) this.#delete(key)
    return this.#values.get(key)
  }

  #delete(key: string): number {
    this.#ends.delete(key)
    return Number(this.#values.delete(key))
  }

  #list(key: string): string[] {
    const value = this.#get(key)
    if (Array.isArray(value)) return value
    const list: string[] = []
    this.#values.set(key, list)
    return list
  }

  #hash(key: string): Map<string, string> {
    const value = this.#get(key)
    if (value instanceof Map) return value
    const hash = new Map<string, string>()
    this.#values.set(key, hash)
    return hash
  }

  #call([name = '', key = '', ...rest]: string[]): Reply {
    switch (name) {
      case 'TIME':
        // As decimals: the integers of this Lua have 32 bits.
        return [`${Math.floor(Date.now() / 1000)}.0`, `${(Date.now() % 1000) * 1000}.0`]
      case 'EXISTS':
        return this.#get(key) === undefined ? 0 : 1
      case 'GET':
        return (this.#get(key) as string | undefined) ?? null
      case 'SET':
        return this.#set(key, rest)
      case 'DEL':
        return [key, ...rest].filter((name) => this.#get(name) !== undefined && this.#delete(name)).length
      case 'PEXPIRE':
        this.#ends.set(key, Date.now() + Number(rest[0]))
        return 1
      case 'HGET':
        return (this.#get(key) as Map<string, string> | undefined)?.get(rest[0] ?? '') ?? null
      case 'HMGET':
        return rest.map((field) => (this.#get(key) as Map<string, string> | undefined)?.get(field) ?? null)
      case 'HSET':
        for (let at = 0; at < rest.length; at += 2) this.#hash(key).set(rest[at] ?? '', rest[at + 1] ?? '')
        return 1
      case 'HINCRBY': {
        const [field = '', by] = rest
        const sum = Number(this.#hash(key).get(field) ?? 0) + Number(by)
        this.#hash(key).set(field, String(sum))
        return sum
      }
      case 'HDEL':
        return this.#hash(key).delete(rest[0] ?? '') ? 1 : 0
      case 'LLEN':
        return ((this.#get(key) as string[] | undefined) ?? []).length
      case 'LRANGE':
        return [...((this.#get(key) as string[] | undefined) ?? [])]
      case 'RPUSH':
        return this.#list(key).push(...rest)
      case 'LREM': {
        const list = this.#list(key)
        const at = list.indexOf(rest[1] ?? '')
        return at < 0 ? 0 : list.splice(at, 1).length
      }
      case 'PUBLISH': {
        const readers = [...this.subscribers].filter(({ channel }) => channel === key)
        for (const reader of readers) reader.receive(rest[0] ?? '')
        return readers.length
      }
      case 'PUBSUB':
        return [rest[0] ?? '', [...this.subscribers].filter(({ channel }) => channel === rest[0]).length]
      default:
        throw new Error(`The simulation has no ${name}.`)
    }
  }

  #set(key: string, [value = '', ...options]: string[]): Reply {
    if (options.includes('NX') && this.#get(key) !== undefined) return null
    this.#delete(key)
    this.#values.set(key, value)
    if (options[0] === 'PX') this.#ends.set(key, Date.now() + Number(options[1]))
    return 'OK'
  }
}
