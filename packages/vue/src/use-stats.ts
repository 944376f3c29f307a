import { type Connection, type ConnectionStats, createStatsViews } from '@nanopeer/core/adapter'
import type { MaybeRefOrGetter } from 'vue'
import { type Refs, useView } from './use-view'

/**
 * The figures of a connection, apart from its status because they change often.
 *
 * @param connection null means "not yet".
 * @example
 * const { rtt, route } = useStats(connection)
 * // <template> <span>{{ route }} {{ rtt === null ? '' : `${Math.round(rtt)} ms` }}</span>
 */
export function useStats(connection: MaybeRefOrGetter<Connection | null | undefined>): Refs<ConnectionStats> {
  return useView(createStatsViews, connection)
}
