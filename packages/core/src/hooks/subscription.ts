import { requestKey } from '../request/flight'
import { type Skip, skip } from '../request/skip'
import {
  createSubscription,
  type EventOf,
  type EventsActionLike,
  pendingSubscription,
  type Reduce,
  type SubscriptionOptions,
  type SubscriptionState,
} from '../request/subscription'
import type { Connection, InputOf } from '../types'
import { createView, remember, type Views } from './view'

/** What `useSubscription` is called with. */
export type SubscriptionArguments<A extends EventsActionLike, Data = EventOf<A>> = readonly [
  connection: Connection | null | undefined,
  action: A,
  input: InputOf<A> | Skip | undefined,
  options?: SubscriptionOptions<EventOf<A>, Data>,
]

/** What stands behind `useSubscription`. */
export function createSubscriptionViews<A extends EventsActionLike, Data = EventOf<A>>(): Views<
  SubscriptionArguments<A, Data>,
  SubscriptionState<Data>
> {
  let latest: Reduce<EventOf<A>, Data> | undefined
  const none: SubscriptionState<Data> = { status: 'idle', data: undefined, error: null }
  const { view } = remember<SubscriptionArguments<A, Data>, null, SubscriptionState<Data>>(
    (connection, action, input, options) =>
      connection && input !== skip ? [connection, requestKey(action, input), options?.timeout] : [],
    (_shown, connection, action, input, options) => {
      if (!connection || input === skip) return { subject: null, $view: createView([], none, () => none) }
      const { $state } = createSubscription<A, Data>(connection, action, input as InputOf<A>, {
        ...options,
        reduce: (data, event) => (latest ? latest(data, event) : (event as Data)),
      })
      return { subject: null, $view: createView([$state], pendingSubscription, () => $state.value) }
    },
  )
  const commit = (...[, , , options]: SubscriptionArguments<A, Data>) => {
    latest = options?.reduce
  }
  return { view, commit }
}
