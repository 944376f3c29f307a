import type { EngineNode, Holding } from '../engine'
import type { Message } from '../protocol/messages'
import { Backlog, type Delivery } from './backlog'
import type { Client, CloseReason } from './client'

export interface ClientsEvents {
  /** A client of this node is gone, or may not be sent to any more: its id can be given back. */
  released(client: Client): void
  /** The server ended a client. */
  closed(client: Client, reason: CloseReason): void
  /** A message for a client of this node was dropped: too much waits for it already. */
  dropped(message: Message): void
}

/** The clients that are registered on this node. */
export class Clients implements Pick<EngineNode, 'deliver' | 'displace' | 'generationOf' | 'held'> {
  readonly #byId = new Map<string, Client>()
  readonly #backlog: Backlog
  readonly #events: ClientsEvents

  constructor(events: ClientsEvents) {
    this.#events = events
    this.#backlog = new Backlog({
      dropped: (message) => events.dropped(message),
      stuck: (client) => this.close(client, 'slowReader'),
    })
  }

  get size(): number {
    return this.#byId.size
  }

  /** Adds a client, in the place of an older one of the same id. @returns false where that one is the newer */
  add(client: Client): boolean {
    const before = this.#byId.get(client.id)
    if (before && before.generation > client.generation) return false
    // First, so that the one that goes finds that the id is not its own any more.
    this.#byId.set(client.id, client)
    if (before) this.#close(before, 'displaced')
    return true
  }

  /** Whether this client has its id still. One that was displaced is not listened to. */
  has(client: Client): boolean {
    return this.#byId.get(client.id) === client
  }

  /** Forgets a client, if it still has its id. */
  remove(client: Client): void {
    if (!this.has(client)) return
    this.#byId.delete(client.id)
    this.#events.released(client)
  }

  /** Ends a client; its id is free at once. */
  close(client: Client, reason: CloseReason): void {
    this.remove(client)
    this.#close(client, reason)
  }

  /** Forgets who holds this id if its socket is being closed: to others it is offline already. */
  removeIfClosing(id: string): void {
    const client = this.#byId.get(id)
    if (client && !client.isOpen) this.remove(client)
  }

  /** @returns false where nobody has this id; to one who is far behind it may be dropped */
  deliver(delivery: Delivery): boolean {
    const client = this.#byId.get(delivery.dst)
    if (!client) return false
    if (!client.isOpen) {
      this.remove(client)
      return false
    }
    this.#backlog.send(client, delivery)
    return true
  }

  generationOf(id: string): number | null {
    return this.#byId.get(id)?.generation ?? null
  }

  displace(id: string, generation: number): void {
    const client = this.#byId.get(id)
    if (!client || client.generation >= generation) return
    // Not given back: it is another's already.
    this.#byId.delete(id)
    this.#close(client, 'displaced')
  }

  held(): Iterable<Holding & Client> {
    return this.#byId.values()
  }

  /** Ends those that were not heard of for `alive` ms, those that have read nothing for as long, and those whose token is over. */
  sweep(alive: number): void {
    const now = Date.now()
    for (const client of this.#byId.values()) {
      if (now >= client.expiresAt) this.close(client, 'unauthorized')
      else if (now - client.lastHeard >= alive) this.close(client, 'silent')
    }
    this.#backlog.sweep(alive)
  }

  #close(client: Client, reason: CloseReason): void {
    if (!client.isOpen) return
    client.close(reason)
    this.#events.closed(client, reason)
  }
}
