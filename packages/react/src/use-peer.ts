import { createPeerViews, type Peer, type PeerOptions, type PeerView } from '@nanopeer/core/adapter'
import { useView } from './use-view'

/**
 * This device on the network: held open while mounted, and shared by all that name the same id.
 *
 * @param given an id, or a peer; null means "not yet". A function that makes an id, such as `tabId`, is called in the
 *   browser alone, where a page is rendered ahead of time; then the peer is null until it is mounted.
 * @param options as in `getPeer`: those of the first to name the id count, and of `secret`, `accept` and all functions the
 *   latest.
 * @example
 * const { peer, status, error } = usePeer('laptop')
 * return <span role="status">{status}</span>
 */
export function usePeer(
  given: string | (() => string) | Peer | null | undefined,
  options?: PeerOptions,
): PeerView {
  return useView(createPeerViews, given, options)
}
