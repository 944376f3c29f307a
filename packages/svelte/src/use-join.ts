import { createJoinViews, type JoinView, type Peer } from '@nanopeer/core/adapter'
import { type MaybeGetter, useView } from './use-view'

/**
 * Pairs with the device whose code, or QR text, somebody gives. Ends with the component.
 *
 * @param peer with an `identity`; null means "not yet": what is begun then fails with `INVALID_INPUT`.
 * @example
 * const joining = useJoin(() => laptop.peer)
 * let typed = $state('')
 * // <form onsubmit={() => joining.join(typed)}><input bind:value={typed}></form>
 */
export function useJoin(peer: MaybeGetter<Peer | null | undefined>): JoinView {
  return useView(createJoinViews, peer)
}
