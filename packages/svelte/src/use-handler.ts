import { type ActionLike, createHandlerViews, type Handler, type Peer } from '@nanopeer/core/adapter'
import { type MaybeGetter, useView } from './use-view'

/**
 * Answers an action while mounted. The handler reads runes when it runs, and so always answers with those of now.
 *
 * @param peer null means "not yet".
 * @example
 * const tablet = usePeer('tablet', { accept: 'anyone' })
 * useHandler(() => tablet.peer, getTitle, () => title)
 */
export function useHandler<A extends ActionLike>(
  peer: MaybeGetter<Peer | null | undefined>,
  action: A,
  handler: Handler<A>,
): void {
  useView(createHandlerViews<A>, peer, action, () => handler)
}
