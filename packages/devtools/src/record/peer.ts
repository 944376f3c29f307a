import type { LimitName, Peer, PeerInspection, PeerStatus } from '@nanopeer/core'
import type { ConnectionRecord } from './connection'
import type { ErrorRecord } from './entry'

/** One peer of the page. */
export class PeerRecord {
  /** By the remote's id. */
  readonly connections = new Map<string, ConnectionRecord>()
  lastError: ErrorRecord | null = null
  /** How often a remote has reached a limit of ours. */
  readonly limitHits = new Map<LimitName, number>()

  constructor(
    readonly peer: Peer,
    readonly inspection: PeerInspection,
  ) {}

  get id(): string {
    return this.peer.id
  }

  get status(): PeerStatus {
    return this.peer.$status.value as PeerStatus
  }
}
