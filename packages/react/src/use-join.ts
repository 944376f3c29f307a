import { createJoinViews, type JoinView, type Peer } from '@nanopeer/core/adapter'
import { useView } from './use-view'

/**
 * Pairs with the device whose code, or QR text, somebody gives. Ends with the component.
 *
 * @param peer with an `identity`; null means "not yet": what is begun then fails with `INVALID_INPUT`.
 * @example
 * const { status, error, join } = useJoin(peer)
 * return <input onKeyDown={(event) => event.key === 'Enter' && join(event.currentTarget.value)} />
 */
export function useJoin(peer: Peer | null | undefined): JoinView {
  return useView(createJoinViews, peer)
}
