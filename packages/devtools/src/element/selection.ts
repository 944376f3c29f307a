import type { ConnectionRecord } from '../record/connection'
import type { PeerRecord } from '../record/peer'
import type { Recorder } from '../record/recorder'

/** One connection, and the peer that it is of. */
export interface Selected {
  readonly peer: PeerRecord
  readonly record: ConnectionRecord
}

/** The connection that is looked at: the first one, until another is chosen. */
export class Selection {
  private chosen: Selected | null = null

  choose(selected: Selected): void {
    this.chosen = selected
  }

  of(recorder: Recorder): Selected | null {
    const { chosen } = this
    if (chosen?.peer.connections.get(chosen.record.remoteId) === chosen?.record && chosen) return chosen
    for (const peer of recorder.peers.values()) {
      for (const record of peer.connections.values()) return { peer, record }
    }
    return null
  }
}
