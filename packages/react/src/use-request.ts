import type { AnswerOf, Connection, InputArguments, InputOf, RequestError } from '@nanopeer/core/adapter'
import {
  createRequestViews,
  isThrown,
  type RequestView,
  type UseRequestOptions as SharedOptions,
  type Skip,
  type ValueActionLike,
} from '@nanopeer/core/adapter'
import { useView } from './use-view'

export interface UseRequestOptions<Answer = unknown, Data = Answer> extends SharedOptions<Answer, Data> {
  /**
   * Throws the error of a failed request, of which the nearest error boundary hears, or those that the function chooses.
   * What is mounted again behind it asks again.
   * @default false
   */
  readonly throwOnError?: boolean | ((error: RequestError) => boolean) | undefined
}

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
export function useRequest<A extends ValueActionLike, Data = AnswerOf<A>>(
  connection: Connection | null | undefined,
  action: A,
  ...[input, options]: InputArguments<A, UseRequestOptions<AnswerOf<A>, Data>, InputOf<A> | Skip>
): RequestView<Data> {
  const view = useView(createRequestViews<A, Data>, connection, action, input, options)
  if (isThrown(view, options?.throwOnError)) throw view.error
  return view
}
