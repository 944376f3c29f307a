import { type Connection, createRequestsViews, type RequestsView } from '@nanopeer/core/adapter'
import { type MaybeGetter, useView } from './use-view'

/**
 * What is asked of a device now, by whomever, with its progress.
 *
 * @param connection null means "not yet".
 * @example
 * const pending = useRequests(() => nas.connection)
 * // {pending.requests.length} under way
 */
export function useRequests(connection: MaybeGetter<Connection | null | undefined>): RequestsView {
  return useView(createRequestsViews, connection)
}
