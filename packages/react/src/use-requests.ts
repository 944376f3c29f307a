import { type Connection, createRequestsViews, type RequestsView } from '@nanopeer/core/adapter'
import { useView } from './use-view'

/**
 * What is asked of a device now, by whomever, with its progress.
 *
 * @param connection null means "not yet".
 * @example
 * const { requests } = useRequests(connection)
 * return <p>{requests.length} under way</p>
 */
export function useRequests(connection: Connection | null | undefined): RequestsView {
  return useView(createRequestsViews, connection)
}
