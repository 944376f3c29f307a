import type { Connection, EventOf, EventsActionLike, UseSubscriptionOptions } from '@nanopeer/core/adapter'
import { createSubscriptionViews, type SubscriptionState } from '@nanopeer/core/adapter'
import type { MaybeRefOrGetter } from 'vue'
import { type InputAndOptions, type Refs, useView } from './use-view'

/**
 * Follows a device's series of values while mounted, and again when the input changes or the device has restarted.
 *
 * @param connection null means "not yet".
 * @param input `skip` means "not yet".
 * @example
 * const { data: lines, status } = useSubscription(connection, tailLog, { lines: 10 }, {
 *   reduce: (lines: LogLine[] = [], line) => [...lines, line],
 * })
 */
export function useSubscription<A extends EventsActionLike, Data = EventOf<A>>(
  connection: MaybeRefOrGetter<Connection | null | undefined>,
  action: A,
  ...[input, options]: InputAndOptions<A, UseSubscriptionOptions<EventOf<A>, Data>>
): Refs<SubscriptionState<Data>> {
  return useView(createSubscriptionViews<A, Data>, connection, action, input, options)
}
