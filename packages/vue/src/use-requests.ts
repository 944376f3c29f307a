import { type Connection, createRequestsViews, type RequestsView } from '@nanopeer/core/adapter'
import type { MaybeRefOrGetter } from 'vue'
import { type Refs, useView } from './use-view'

/**
 * What is asked of a device now, by whomever, with its progress.
 *
 * @param connection null means "not yet".
 * @example
 * const { requests } = useRequests(connection)
 * // <template> {{ requests.length }} under way
 */
export function useRequests(connection: MaybeRefOrGetter<Connection | null | undefined>): Refs<RequestsView> {
  return useView(createRequestsViews, connection)
}
