import type { AnswerOf, Connection, InputArguments, InputOf, RequestView, Skip } from '@nanopeer/core/adapter'
import { createRequestViews, type UseRequestOptions, type ValueActionLike } from '@nanopeer/core/adapter'
import { useView } from './use-view'

/**
 * Asks a device while mounted, and again when the input changes or the device has restarted. All that ask the same
 * share one request; inputs are compared by what they hold, so an inline object does not ask again.
 *
 * @param connection null means "not yet".
 * @param input `skip` means "not yet".
 * @example
 * const { data: files, isPending, error, refetch } = useRequest(connection, listFiles, { path })
 * if (isPending) return <Spinner />
 * return error ? <button onClick={refetch}>{error.message}</button> : <List files={files} />
 */
export function useRequest<A extends ValueActionLike>(
  connection: Connection | null | undefined,
  action: A,
  ...[input, options]: InputArguments<A, UseRequestOptions, InputOf<A> | Skip>
): RequestView<AnswerOf<A>> {
  return useView(createRequestViews<A>, connection, action, input, options)
}
