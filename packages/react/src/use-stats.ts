import { type Connection, type ConnectionStats, createStatsViews } from '@nanopeer/core/adapter'
import { useView } from './use-view'

/**
 * The figures of a connection, apart from its status because they change often.
 *
 * @param connection null means "not yet".
 * @example
 * const { rtt, route } = useStats(connection)
 * return <span>{route} {rtt === null ? '' : `${Math.round(rtt)} ms`}</span>
 */
export function useStats(connection: Connection | null | undefined): ConnectionStats {
  return useView(createStatsViews, connection)
}
