import type { Connection, ConnectionView, ConnectOptions, Peer } from '@nanopeer/core/adapter'
import { type ConnectionArguments, createConnectionViews } from '@nanopeer/core/adapter'
import type { MaybeRefOrGetter } from 'vue'
import { type Given, type Refs, useView } from './use-view'

/**
 * The path to one remote device: dialled, and dialled again, while mounted.
 *
 * @param peer null means "not yet", as it does for the id.
 * @param options as in `peer.connect`; another `secret`, `key` or `protocol` is used from then on.
 * @example
 * const { connection, status, retryAt, reconnect } = useConnection(peer, 'nas')
 * // <template> <button v-if="status === 'closed'" @click="reconnect">Retry</button>
 */
export function useConnection(
  peer: MaybeRefOrGetter<Peer | null | undefined>,
  remoteId: MaybeRefOrGetter<string | null | undefined>,
  options?: MaybeRefOrGetter<ConnectOptions | undefined>,
): Refs<ConnectionView>
/** The path to the remote device of a connection that is there already, such as one of `$connections`. */
export function useConnection(
  connection: MaybeRefOrGetter<Connection | null | undefined>,
): Refs<ConnectionView>
export function useConnection(...given: Given<ConnectionArguments>): Refs<ConnectionView> {
  return useView(createConnectionViews, ...given)
}
