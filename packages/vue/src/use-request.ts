import type { AnswerOf, Connection, RequestView, UseRequestOptions } from '@nanopeer/core/adapter'
import { createRequestViews, type ValueActionLike } from '@nanopeer/core/adapter'
import type { MaybeRefOrGetter } from 'vue'
import { type InputAndOptions, type Refs, useView } from './use-view'

/**
 * Asks a device while mounted, and again when the input changes or the device has restarted. All that ask the same
 * share one request; inputs are compared by what they hold.
 *
 * @param connection null means "not yet".
 * @param input `skip` means "not yet".
 * @example
 * const { data: files, isPending, error, refetch } = useRequest(connection, listFiles, () => ({ path: path.value }))
 * // <template> <Spinner v-if="isPending" /> <button v-else-if="error" @click="refetch">{{ error.message }}</button>
 */
export function useRequest<A extends ValueActionLike, Data = AnswerOf<A>>(
  connection: MaybeRefOrGetter<Connection | null | undefined>,
  action: A,
  ...[input, options]: InputAndOptions<A, UseRequestOptions<AnswerOf<A>, Data>>
): Refs<RequestView<Data>> {
  return useView(createRequestViews<A, Data>, connection, action, input, options)
}
