import type { AnswerOf, Connection, RequestView, UseRequestOptions } from '@nanopeer/core/adapter'
import { createRequestViews, type ValueActionLike } from '@nanopeer/core/adapter'
import { type InputAndOptions, type MaybeGetter, useView } from './use-view'

/**
 * Asks a device while mounted, and again when the input changes or the device has restarted. All that ask the same
 * share one request; inputs are compared by what they hold.
 *
 * @param connection null means "not yet".
 * @param input `skip` means "not yet".
 * @example
 * const files = useRequest(() => nas.connection, listFiles, () => ({ path }))
 * // {#if files.isPending} <Spinner /> {:else if files.error} <button onclick={files.refetch}>Retry</button> {/if}
 */
export function useRequest<A extends ValueActionLike, Data = AnswerOf<A>>(
  connection: MaybeGetter<Connection | null | undefined>,
  action: A,
  ...[input, options]: InputAndOptions<A, UseRequestOptions<AnswerOf<A>, Data>>
): RequestView<Data> {
  return useView(createRequestViews<A, Data>, connection, action, input, options)
}
