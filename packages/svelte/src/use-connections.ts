import type { ConnectionsView, ConnectOptions, Peer } from '@nanopeer/core/adapter'
import { createConnectionsViews } from '@nanopeer/core/adapter'
import { type MaybeGetter, useView } from './use-view'

/**
 * Many connections, each with its status: those with these ids, dialled and held while mounted, or, without ids, those that
 * are there, which this neither dials nor keeps.
 *
 * @param peer null means "not yet".
 * @param ids compared by what they are, so that an inline list is no other one; null means "not yet".
 * @param options as in `peer.connect`; another `secret`, `key` or `protocol` is used from then on.
 * @example
 * const devices = useConnections(() => laptop.peer, ['nas', 'tv'])
 * // {#each devices.connections as { id, status } (id)} <li>{id} {status}</li> {/each}
 */
export function useConnections(
  peer: MaybeGetter<Peer | null | undefined>,
  ids?: MaybeGetter<readonly string[] | null | undefined>,
  options?: MaybeGetter<ConnectOptions | undefined>,
): ConnectionsView {
  return useView(createConnectionsViews, peer, ids, options)
}
