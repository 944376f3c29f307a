import type { Connection, InputOf } from '../base/types'
import { derive } from '../derive'
import { type Asked, rememberAsked } from '../request/asked'
import { pendingSubscription, type SubscriptionState } from '../request/series'
import { type Skip, skip } from '../request/skip'
import {
  type EventOf,
  type EventsActionLike,
  observeSubscription,
  type SubscriptionObserver,
  type SubscriptionOptions,
} from '../request/subscription'
import { nothing, remember, type Views } from './view'

export interface UseSubscriptionOptions<Event = unknown, Data = Event>
  extends SubscriptionOptions<Event, Data> {
  /**
   * Shows the data of the input before until there is some of the new one. Data is never carried over to another connection
   * or action.
   * @default false
   */
  readonly keepPrevious?: boolean | undefined
}

/** What `useSubscription` is called with. */
export type SubscriptionArguments<A extends EventsActionLike, Data = EventOf<A>> = readonly [
  connection: Connection | null | undefined,
  action: A,
  input: InputOf<A> | Skip | undefined,
  options?: UseSubscriptionOptions<EventOf<A>, Data>,
]

/** What is on screen of one subscription. */
interface Shown<Event, Data> {
  readonly connection: Connection
  readonly asked: Asked
  readonly observer: SubscriptionObserver<Event, Data>
  readonly data: () => Data | undefined
}

/** What stands behind `useSubscription`. */
export function createSubscriptionViews<A extends EventsActionLike, Data = EventOf<A>>(): Views<
  SubscriptionArguments<A, Data>,
  SubscriptionState<Data>
> {
  type Arguments = SubscriptionArguments<A, Data>
  const ask = rememberAsked()
  const none: SubscriptionState<Data> = { status: 'idle', data: undefined, error: null }
  const views = remember<Arguments, Shown<EventOf<A>, Data> | null, SubscriptionState<Data>>(
    (connection, action, input, options = {}) => {
      if (!connection || input === skip) return []
      const { timeout, enabled, throttle, keepPrevious, reduce } = options
      const { key } = ask(action, input)
      return [connection, key, timeout, enabled, throttle, keepPrevious, reduce === undefined]
    },
    (shown, connection, action, input, options = {}) => {
      if (!connection || input === skip) return nothing(none)
      const asked = ask(action, input)
      const ofAction = shown?.connection === connection && shown.asked.action === action ? shown : null
      const before = ofAction?.asked.key === asked.key ? ofAction.observer.now().data : undefined
      const previous = options.keepPrevious ? ofAction?.data() : undefined
      const observer = observeSubscription<EventOf<A>, Data>(connection, asked, options, before)
      const now = (): SubscriptionState<Data> => {
        const state = observer.now()
        return state.data === undefined && previous !== undefined ? { ...state, data: previous } : state
      }
      const init = options.enabled === false ? none : pendingSubscription
      const $view = derive<SubscriptionState<Data>>(init, now, observer.hold)
      return { subject: { connection, asked, observer, data: () => now().data }, $view }
    },
  )
  const commit = (...given: Arguments) => views.known(...given)?.observer.use(given[3]?.reduce)
  return { ...views, commit }
}
