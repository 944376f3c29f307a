import type { Peer } from '@nanopeer/core'
import { usePeer } from '@nanopeer/react'
import { toneOf } from '../shared/status'

/** How this page stands with the signalling server. */
export function PeerBadge({ peer }: { peer: Peer | null }) {
  const { status } = usePeer(peer)

  return (
    <p className="badge" role="status" aria-label="Peer" data-tone={toneOf(status)}>
      <b>Peer</b>
      <span className="state">{status}</span>
    </p>
  )
}
