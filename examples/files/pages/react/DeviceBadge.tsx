import type { Connection } from '@nanopeer/core'
import { useConnection, useStats } from '@nanopeer/react'
import { formatRoute } from '../shared/format'
import { toneOf } from '../shared/status'

/** How the device can be reached, which way, and how fast. */
export function DeviceBadge({ connection }: { connection: Connection | null }) {
  const { status } = useConnection(connection)
  const route = formatRoute(useStats(connection))

  return (
    <p className="badge" role="status" aria-label="Device" data-tone={toneOf(status)}>
      <b>Device</b>
      <span className="state">{status}</span>
      {/* It changes all the time: to be seen, not to be read out. */}
      {status === 'open' && route !== '' && (
        <span className="figures" aria-live="off">
          {route}
        </span>
      )}
    </p>
  )
}
