import type { Script } from './scripts'

/** What a {@link Shard} says. */
export interface ShardEvents {
  /** A letter came in the inbox. */
  received(text: string): void
  /** Scripts can be run and the inbox is read: for the first time, or again. May be said twice. */
  up(): void
  /** It cannot be reached, or refuses; attempts go on. */
  failed(reason: Error): void
}

/** One Redis. The engine knows no more of it than this, so that it can be tested on one that is made up. */
export interface Shard {
  /** How logs name it: without a password. */
  readonly name: string
  /** Connects, reads this inbox, and stays connected. */
  open(inbox: string, events: ShardEvents): void
  /** Runs a script. Rejects at once where Redis is away or too much waits already; else settles when it answers, however late. */
  run(script: Script, args: readonly string[]): Promise<unknown>
  /** The ends of all keys that begin with this. */
  keys(start: string): Promise<string[]>
  /** Makes new connections: the present ones are dead and do not know it. */
  reset(): void
  close(): void
}
