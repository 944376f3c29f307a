import { type ActionLike, createHandlerViews, type Handler, type Peer } from '@nanopeer/core/adapter'
import type { MaybeRefOrGetter } from 'vue'
import { useView } from './use-view'

/**
 * Answers an action while mounted. The handler reads refs when it runs, and so always answers with those of now.
 *
 * @param peer null means "not yet".
 * @example
 * const { peer } = usePeer('tablet', { accept: 'anyone' })
 * useHandler(peer, getTitle, () => title.value)
 */
export function useHandler<A extends ActionLike>(
  peer: MaybeRefOrGetter<Peer | null | undefined>,
  action: A,
  handler: Handler<A>,
): void {
  useView(createHandlerViews<A>, peer, action, () => handler)
}
