import { createJoinViews, type JoinView, type Peer } from '@nanopeer/core/adapter'
import type { MaybeRefOrGetter } from 'vue'
import { type Refs, useView } from './use-view'

/**
 * Pairs with the device whose code, or QR text, somebody gives. Ends with the component.
 *
 * @param peer with an `identity`; null means "not yet": what is begun then fails with `INVALID_INPUT`.
 * @example
 * const { status, error, join } = useJoin(peer)
 * const typed = ref('')
 * // <template> <input v-model="typed" @keydown.enter="join(typed)">
 */
export function useJoin(peer: MaybeRefOrGetter<Peer | null | undefined>): Refs<JoinView> {
  return useView(createJoinViews, peer)
}
