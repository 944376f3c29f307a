import type { Connection, ConnectionStats, ConnectionStatus } from '@nanopeer/core'
import type { ErrorRecord } from './entry'
import { RingBuffer } from './ring'

/** Round trips that a sparkline shows. */
const keptRoundTrips = 60

/** The session that is on. */
export interface SessionRecord {
  /** Epoch ms. */
  readonly since: number
  /** How often it went on over another link. */
  readonly resumed: number
}

/** One connection, as it is and as it went. */
export class ConnectionRecord {
  connection: Connection
  /** Its peer lists it. One that does not has no session, and nobody holds it. */
  isListed = true
  lastError: ErrorRecord | null = null
  session: SessionRecord | null = null
  /** Ms, oldest first; measured while the panel shows it. */
  readonly roundTrips = new RingBuffer<number>(keptRoundTrips)
  /** When the remote dialled us, epoch ms: those of the last minute count. */
  private dials: number[] = []

  constructor(connection: Connection) {
    this.connection = connection
  }

  get remoteId(): string {
    return this.connection.remoteId
  }

  // Read by `value`: `get()` would listen for a moment, and so hold the connection.

  get status(): ConnectionStatus {
    return this.connection.$status.value as ConnectionStatus
  }

  get stats(): ConnectionStats {
    return this.connection.$stats.value as ConnectionStats
  }

  measured(): void {
    const { rtt } = this.stats
    if (rtt !== null) this.roundTrips.push(rtt)
  }

  dialled(now: number): void {
    this.dials = [...this.dials.filter((at) => now - at < 60_000), now]
  }

  dialsInTheLastMinute(now: number): number {
    return this.dials.filter((at) => now - at < 60_000).length
  }
}
