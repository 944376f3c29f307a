import { atom, type ReadableAtom } from 'nanostores'
import { type EventsAction, toAction } from '../action'
import type { RequestError } from '../errors'
import type { AnswerOf, Connection, InputOf } from '../types'
import { isSameSnapshot } from './equal'
import { rerunOnNewSession } from './rerun'
import { holdWhileListened, whileHeld } from './while-held'

/** An action that answers with a series of values, or the plain name of one. */
export type EventsActionLike = EventsAction | string

/** One value of an action's series. */
export type EventOf<A> = AnswerOf<A> extends AsyncIterable<infer Event> ? Event : unknown

/** What `useSubscription` shows. */
export interface SubscriptionState<Data = unknown> {
  /**
   * `pending` until the device has begun to answer, `active` while events may come, `ended` when the device has
   * ended the series.
   */
  readonly status: 'idle' | 'pending' | 'active' | 'ended' | 'error'
  /** The latest event, or what `reduce` made of them all; kept when the series ends, fails or begins again. */
  readonly data: Data | undefined
  readonly error: RequestError | null
}

/** Makes the data of a subscription: from what there was, undefined at first, and the next event. */
export type Reduce<Event, Data> = (data: Data | undefined, event: Event) => Data

export interface SubscriptionOptions<Event = unknown, Data = Event> {
  /** @default the latest event */
  readonly reduce?: Reduce<Event, Data>
  /** As in `connection.request`. @default 30000 */
  readonly timeout?: number
}

/** The store behind `useSubscription`. */
export interface Subscription<Data = unknown> {
  /** Subscribed while it has listeners. Reading it subscribes to nothing. */
  readonly $state: ReadableAtom<SubscriptionState<Data>> & { readonly value: SubscriptionState<Data> }
}

/** What a subscription shows before it has begun: on a server, and in the first client render. */
export const pendingSubscription: SubscriptionState<never> = {
  status: 'pending',
  data: undefined,
  error: null,
}

/**
 * Creates the store of one series of events, which begins when the store is first listened to, again in each new
 * session of the connection, and ends one task after its last listener is gone: the device's `ctx.signal` fires.
 *
 * @example
 * const log = createSubscription(nas, tailLog, { lines: 10 }, { reduce: (lines = [], line) => [...lines, line] })
 * const stop = log.$state.subscribe(({ data }) => render(data))
 */
export function createSubscription<A extends EventsActionLike, Data = EventOf<A>>(
  connection: Connection,
  action: A,
  input: InputOf<A>,
  options: SubscriptionOptions<EventOf<A>, Data> = {},
): Subscription<Data> {
  const reduce = options.reduce ?? ((_data: Data | undefined, event: EventOf<A>) => event as Data)
  const $state = atom<SubscriptionState<Data>>(pendingSubscription)
  $state.eq = isSameSnapshot
  const show = (change: Partial<SubscriptionState<Data>>) => $state.set({ ...$state.value, ...change })

  const begin = () => {
    let controller: AbortController | null = null

    const follow = async (signal: AbortSignal) => {
      // A plain name says nothing of the kind.
      const asked = connection.request(toAction(action, 'events'), input, {
        signal,
        timeout: options.timeout,
      })
      const events = (await asked) as AsyncIterable<EventOf<A>>
      if (signal.aborted) return
      show({ status: 'active' })
      for await (const event of events) {
        if (signal.aborted) return
        show({ data: reduce($state.value.data, event) })
      }
    }

    const run = () => {
      controller = new AbortController()
      const { signal } = controller
      rerun.started()
      show({ status: 'pending', error: null })
      const over = (change: Partial<SubscriptionState<Data>>) => {
        if (signal.aborted) return false
        controller = null
        show(change)
        return true
      }
      follow(signal).then(
        () => over({ status: 'ended' }),
        (error: RequestError) => over({ status: 'error', error }) && rerun.failed(error),
      )
    }

    const rerun = rerunOnNewSession(connection, () => controller !== null, run)
    // Listening holds the connection, also after the series has ended.
    const unfollow = connection.$status.listen(() => {})
    run()
    return () => {
      unfollow()
      rerun.stop()
      controller?.abort()
      controller = null
    }
  }

  holdWhileListened($state, whileHeld(begin))
  return { $state }
}
