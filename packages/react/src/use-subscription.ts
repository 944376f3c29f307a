import type { Connection, EventOf, EventsActionLike, InputArguments, InputOf } from '@nanopeer/core/adapter'
import {
  createSubscriptionViews,
  type Skip,
  type SubscriptionState,
  type UseSubscriptionOptions,
} from '@nanopeer/core/adapter'
import { useView } from './use-view'

/**
 * Follows a device's series of values while mounted, and again when the input changes or the device has restarted.
 *
 * @param connection null means "not yet".
 * @param input `skip` means "not yet".
 * @example
 * const { data: lines = [], status } = useSubscription(connection, tailLog, { lines: 10 }, {
 *   reduce: (lines: LogLine[] = [], line) => [...lines, line],
 * })
 */
export function useSubscription<A extends EventsActionLike, Data = EventOf<A>>(
  connection: Connection | null | undefined,
  action: A,
  ...[input, options]: InputArguments<A, UseSubscriptionOptions<EventOf<A>, Data>, InputOf<A> | Skip>
): SubscriptionState<Data> {
  return useView(createSubscriptionViews<A, Data>, connection, action, input, options)
}
