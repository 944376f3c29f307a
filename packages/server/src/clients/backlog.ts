import { type Message, readMessage } from '../protocol/messages'
import { sourceShare } from '../source-share'
import type { Client } from './client'

/** Bytes that may wait for one client to read. */
const mostForOne = 1024 * 1024
/** From how many waiting bytes a client is behind: what it is sent from there on is counted. */
const behindFrom = 64 * 1024
/** How many clients may be behind at once: 256 MiB at worst. */
const mostBehind = 256
/** What a waiting message costs beyond its text, in bytes, roughly: many small ones are not free. */
const overhead = 512

/** What waits for a client that is behind. */
interface Waiting {
  readonly bySource: Map<string, number>
  messages: number
  /** When it has last read something, in ms since 1970. */
  readAt: number
}

/** A frame to be sent. Who has sent it stands in its text as well. */
export type Delivery = Message | Pick<Message, 'dst' | 'text'>

export interface BacklogEvents {
  /** A message was not sent, as too much of its source waits, or of all. */
  dropped(message: Message): void
  /** A client that is behind has read nothing for as long as it may. */
  stuck(client: Client): void
}

/**
 * Bounds what waits in this process for clients that read slowly or not at all: 1 MiB each, and 256 of them. What is too much
 * is dropped, and not the client: else whoever sends much could throw off whoever reads slowly.
 */
export class Backlog {
  readonly #behind = new Map<Client, Waiting>()
  readonly #events: BacklogEvents

  constructor(events: BacklogEvents) {
    this.#events = events
  }

  /** Sends to an open client, or drops. */
  send(client: Client, delivery: Delivery): void {
    const { text } = delivery
    const before = client.waitingBytes
    if (before + text.length < behindFrom) return client.send(text)
    const waiting = this.#waitingOf(client)
    // One more brings it over the threshold at most.
    if (!waiting && before < behindFrom) return client.send(text)
    const message = 'src' in delivery ? delivery : readMessage(text)
    const { src } = message
    const size = Buffer.byteLength(text) + overhead
    if (!waiting || (before >= behindFrom && !hasRoom(waiting, before, message, size)))
      return this.#events.dropped(message)
    count(waiting, src, size)
    client.send(text, () => count(waiting, src, -size))
  }

  /** Forgets those that caught up, and gives up those that have read nothing for `patience` ms. */
  sweep(patience: number): void {
    this.#forget()
    const now = Date.now()
    for (const [client, { readAt }] of this.#behind) {
      if (now - readAt < patience) continue
      this.#behind.delete(client)
      this.#events.stuck(client)
    }
  }

  /** Null where no more clients may be behind. */
  #waitingOf(client: Client): Waiting | null {
    const known = this.#behind.get(client)
    if (known) return known
    if (this.#behind.size >= mostBehind) this.#forget()
    if (this.#behind.size >= mostBehind) return null
    const waiting = { bySource: new Map<string, number>(), messages: 0, readAt: Date.now() }
    this.#behind.set(client, waiting)
    return waiting
  }

  #forget(): void {
    for (const client of this.#behind.keys()) {
      if (client.isClosed || client.waitingBytes < behindFrom) this.#behind.delete(client)
    }
  }
}

/** @param bytes that wait for the client in all */
const hasRoom = (
  { bySource, messages }: Waiting,
  bytes: number,
  { src, dst }: Message,
  size: number,
): boolean => {
  const free = mostForOne - bytes - messages * overhead
  // What a client says to itself, to hear whether the socket works, takes nothing from anybody else.
  return src === dst ? size <= free : (bySource.get(src) ?? 0) + size <= free * sourceShare
}

/** One message more of a source waits, or one less: that one has been read, or the socket is closed. */
const count = (waiting: Waiting, src: string, size: number) => {
  const bytes = (waiting.bySource.get(src) ?? 0) + size
  if (bytes > 0) waiting.bySource.set(src, bytes)
  else waiting.bySource.delete(src)
  waiting.messages += Math.sign(size)
  if (size < 0) waiting.readAt = Date.now()
}
