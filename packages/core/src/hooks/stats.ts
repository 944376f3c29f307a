import type { Connection, ConnectionStats } from '../base/types'
import { noStats } from '../connection/machine'
import { createView, passive, peek, remember, type Views } from './view'

/** A connection, or null for "not yet". */
export type StatsArguments = readonly [connection: Connection | null | undefined]

/** What stands behind `useStats`. */
export function createStatsViews(): Views<StatsArguments, ConnectionStats> {
  const { view } = remember<StatsArguments, null, ConnectionStats>(
    (connection) => [connection ?? null],
    (_shown, connection) => ({
      subject: null,
      $view: connection
        ? createView([connection.$stats, connection.$status], noStats, () => peek(connection.$stats))
        : createView([], noStats, () => noStats),
    }),
  )
  return { ...passive, view }
}
