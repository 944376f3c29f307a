import type { Client } from './client'

/** Bytes that may wait for one client to read them. */
const mostForOne = 1024 * 1024
/** From how many waiting bytes a client is watched. */
const watchedFrom = 64 * 1024
/** How many clients may be that far behind at once: 256 MiB at worst. */
const mostWatched = 256

/**
 * Bounds what waits in this process for clients that read slowly or not at all: 1 MiB each, and 256 of them; the one
 * that has been behind for longest makes room.
 */
export class Backlog {
  readonly #behind = new Set<Client>()
  readonly #onTooSlow: (client: Client) => void

  /** @param onTooSlow ends a client */
  constructor(onTooSlow: (client: Client) => void) {
    this.#onTooSlow = onTooSlow
  }

  /** Looks at a client that was just sent something. */
  check(client: Client): void {
    const waiting = client.waitingBytes
    if (waiting < watchedFrom) return
    if (waiting > mostForOne) return this.#end(client)
    this.#behind.add(client)
    if (this.#behind.size <= mostWatched) return
    this.sweep()
    const [longest] = this.#behind
    if (longest && this.#behind.size > mostWatched) this.#end(longest)
  }

  /** Forgets those that caught up. */
  sweep(): void {
    for (const client of this.#behind) if (client.waitingBytes < watchedFrom) this.#behind.delete(client)
  }

  #end(client: Client): void {
    this.#behind.delete(client)
    this.#onTooSlow(client)
  }
}
