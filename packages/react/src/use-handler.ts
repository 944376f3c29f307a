import { type ActionLike, createHandlerViews, type Handler, type Peer } from '@nanopeer/core/adapter'
import { useView } from './use-view'

/**
 * Answers an action while mounted, always with the handler of the latest render.
 *
 * @param peer null means "not yet".
 * @example
 * const { peer } = usePeer('tablet', { accept: 'anyone' })
 * useHandler(peer, getTitle, () => title)
 */
export function useHandler<A extends ActionLike>(
  peer: Peer | null | undefined,
  action: A,
  handler: Handler<A>,
): void {
  useView(createHandlerViews<A>, peer, action, handler)
}
