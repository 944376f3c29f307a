import type { Connection } from '@nanopeer/core'
import { RequestRecord } from './request'
import { RingBuffer } from './ring'

/** Requests that are over, of which something is still shown. */
const keptRequests = 300

interface RequestName {
  readonly remoteId: string
  readonly requestId: string
  readonly action: string
}

/** The requests of this page: those in flight, and the latest of those that are over. */
export class RequestLog {
  private readonly inFlight = new Map<string, RequestRecord>()
  private readonly over = new RingBuffer<RequestRecord>(keptRequests)

  /** In the order in which they began. */
  all(): RequestRecord[] {
    return [...this.over, ...this.inFlight.values()].sort((a, b) => a.startedAt - b.startedAt)
  }

  running(): Iterable<RequestRecord> {
    return this.inFlight.values()
  }

  /** The one of this name that is in flight, or a new one: core says in two ways that it begins. */
  find(direction: 'in' | 'out', peerId: string, name: RequestName, now: number): RequestRecord {
    const key = keyOf(direction, peerId, name)
    const known = this.inFlight.get(key)
    if (known) return known
    if (this.inFlight.size >= keptRequests) this.settle()
    const made = new RequestRecord(direction, peerId, name.remoteId, name.requestId, name.action, now)
    this.inFlight.set(key, made)
    return made
  }

  ended(
    direction: 'in' | 'out',
    peerId: string,
    name: RequestName & { readonly code: string | number | null },
    now: number,
  ): void {
    const key = keyOf(direction, peerId, name)
    const record = this.inFlight.get(key)
    if (!record) return
    record.finish(name.code, now)
    this.inFlight.delete(key)
    this.over.push(record)
  }

  /** The status of a connection has changed: so has that of what waits for it. */
  update(connection: Connection, now: number): void {
    for (const record of this.inFlight.values()) {
      if (record.connection === connection) record.update(now)
    }
  }

  /** Those that failed before core could say that they had begun: no event tells of their end. */
  private settle(): void {
    for (const [key, record] of this.inFlight) {
      if (!record.end) continue
      this.inFlight.delete(key)
      this.over.push(record)
    }
  }

  clear(): void {
    this.over.clear()
  }
}

const keyOf = (direction: string, peerId: string, { remoteId, requestId }: RequestName): string =>
  JSON.stringify([direction, peerId, remoteId, requestId])
