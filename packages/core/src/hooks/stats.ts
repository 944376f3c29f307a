import type { Connection, ConnectionStats } from '../base/types'
import { noStats } from '../connection/machine'
import { createView, nothing, peek, remember, type Views } from './view'

/** A connection, or null for "not yet". */
export type StatsArguments = readonly [connection: Connection | null | undefined]

/** What stands behind `useStats`. */
export function createStatsViews(): Views<StatsArguments, ConnectionStats> {
  return remember<StatsArguments, null, ConnectionStats>(
    (connection) => [connection ?? null],
    (_shown, connection) => {
      if (!connection) return nothing(noStats)
      const { $stats, $status } = connection
      return { subject: null, $view: createView([$stats, $status], noStats, () => peek($stats)) }
    },
  )
}
