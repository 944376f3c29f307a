import type { Connection, ConnectionView, ConnectOptions, Peer } from '@nanopeer/core/adapter'
import { type ConnectionArguments, createConnectionViews } from '@nanopeer/core/adapter'
import { type Given, type MaybeGetter, useView } from './use-view'

/**
 * The path to one remote device: dialled, and dialled again, while mounted.
 *
 * @param peer null means "not yet", as it does for the id.
 * @param options as in `peer.connect`; another `secret`, `key` or `protocol` is used from then on.
 * @example
 * const nas = useConnection(() => laptop.peer, 'nas')
 * // {#if nas.status === 'closed'} <button onclick={nas.reconnect}>Retry</button> {/if}
 */
export function useConnection(
  peer: MaybeGetter<Peer | null | undefined>,
  remoteId: MaybeGetter<string | null | undefined>,
  options?: MaybeGetter<ConnectOptions | undefined>,
): ConnectionView
/** The path to the remote device of a connection that is there already, such as one of `$connections`. */
export function useConnection(connection: MaybeGetter<Connection | null | undefined>): ConnectionView
export function useConnection(...given: Given<ConnectionArguments>): ConnectionView {
  return useView(createConnectionViews, ...given)
}
