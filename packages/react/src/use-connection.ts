import type { Connection, ConnectionView, ConnectOptions, Peer } from '@nanopeer/core/adapter'
import { type ConnectionArguments, createConnectionViews } from '@nanopeer/core/adapter'
import { useView } from './use-view'

/**
 * The path to one remote device: dialled, and dialled again, while mounted.
 *
 * @param peer null means "not yet", as it does for the id.
 * @param options as in `peer.connect`; another `secret`, `key` or `protocol` is used from then on.
 * @example
 * const { connection, status, retryAt, reconnect } = useConnection(peer, 'nas')
 * return status === 'closed' ? <button onClick={reconnect}>Retry</button> : <Files connection={connection} />
 */
export function useConnection(
  peer: Peer | null | undefined,
  remoteId: string | null | undefined,
  options?: ConnectOptions,
): ConnectionView
/** The path to the remote device of a connection that is there already, such as one of `$connections`. */
export function useConnection(connection: Connection | null | undefined): ConnectionView
export function useConnection(...given: ConnectionArguments): ConnectionView {
  return useView(createConnectionViews, ...given)
}
