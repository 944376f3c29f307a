import type { ConnectionsView, ConnectOptions, Peer } from '@nanopeer/core/adapter'
import { createConnectionsViews } from '@nanopeer/core/adapter'
import type { MaybeRefOrGetter } from 'vue'
import { type Refs, useView } from './use-view'

/**
 * Many connections, each with its status: those with these ids, dialled and held while mounted, or, without ids, those that
 * are there, which this neither dials nor keeps.
 *
 * @param peer null means "not yet".
 * @param ids compared by what they are, so that an inline list is no other one; null means "not yet".
 * @param options as in `peer.connect`; another `secret`, `key` or `protocol` is used from then on.
 * @example
 * const { connections, online } = useConnections(peer, ['nas', 'tv'])
 * // <template> <li v-for="{ id, status } in connections" :key="id">{{ id }} {{ status }}</li>
 */
export function useConnections(
  peer: MaybeRefOrGetter<Peer | null | undefined>,
  ids?: MaybeRefOrGetter<readonly string[] | null | undefined>,
  options?: MaybeRefOrGetter<ConnectOptions | undefined>,
): Refs<ConnectionsView> {
  return useView(createConnectionsViews, peer, ids, options)
}
