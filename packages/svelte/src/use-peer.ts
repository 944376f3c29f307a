import { createPeerViews, type Peer, type PeerOptions, type PeerView } from '@nanopeer/core/adapter'
import { type MaybeGetter, useView } from './use-view'

/**
 * This device on the network: held open while mounted, and shared by all that name the same id.
 *
 * @param given an id, or a peer; null means "not yet". A getter of a function that makes an id, `() => tabId`, has it made
 *   in the browser alone, where a page is rendered ahead of time; then the peer is null until it is mounted.
 * @param options as in `getPeer`: those of the first to name the id count, and of `secret`, `accept` and all functions the
 *   latest.
 * @example
 * const laptop = usePeer('laptop')
 * // <span role="status">{laptop.status}</span>
 */
export function usePeer(
  given: MaybeGetter<string | (() => string) | Peer | null | undefined>,
  options?: MaybeGetter<PeerOptions | undefined>,
): PeerView {
  return useView(createPeerViews, given, options)
}
