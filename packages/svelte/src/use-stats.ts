import { type Connection, type ConnectionStats, createStatsViews } from '@nanopeer/core/adapter'
import { type MaybeGetter, useView } from './use-view'

/**
 * The figures of a connection, apart from its status because they change often.
 *
 * @param connection null means "not yet".
 * @example
 * const stats = useStats(() => nas.connection)
 * // <span>{stats.route} {stats.rtt === null ? '' : `${Math.round(stats.rtt)} ms`}</span>
 */
export function useStats(connection: MaybeGetter<Connection | null | undefined>): ConnectionStats {
  return useView(createStatsViews, connection)
}
