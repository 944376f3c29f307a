import type { EventsAction } from '../base/action'
import { checkTime } from '../base/check-options'
import { systemClock } from '../base/clock'
import type { AnswerOf, Connection, InputOf } from '../base/types'
import { connectionControllerOf } from '../connection/controller'
import { derive, type View } from '../derive'
import { type Asked, rememberAsked } from './asked'
import {
  joinSeries,
  pendingSubscription,
  type Reduce,
  type Series,
  type SubscriptionState,
  seeSeries,
} from './series'

/** An action that answers with a series of values, or the plain name of one. */
export type EventsActionLike = EventsAction | string

/** One value of an action's series. */
export type EventOf<A> = AnswerOf<A> extends AsyncIterable<infer Event> ? Event : unknown

export interface SubscriptionOptions<Event = unknown, Data = Event> {
  /**
   * What becomes of each event; it returns a new object where something changes. Those who follow the same by the same
   * function, or by none, share one series; an inline function has one of its own.
   * @default the latest event
   */
  readonly reduce?: Reduce<Event, Data> | undefined
  /** As in `connection.request`. @default 30000 */
  readonly timeout?: number | undefined
  /** Follows nothing while false, and keeps its data. @default true */
  readonly enabled?: boolean | undefined
  /**
   * Ms between two changes of `data` that are shown: the first at once, and of those that follow the latest. A change of
   * `status` is shown at once. `reduce` sees every event.
   * @default 17
   */
  readonly throttle?: number | undefined
}

/** The store behind `useSubscription`. */
export interface Subscription<Data = unknown> {
  /** Subscribed while it has listeners. Reading it subscribes to nothing. */
  readonly $state: View<SubscriptionState<Data>>
}

/**
 * Creates the store of one series of events, which begins when the store is first listened to, again in each new
 * session of the connection, and ends one task after its last listener is gone: the device's `ctx.signal` fires.
 */
export function createSubscription<A extends EventsActionLike, Data = EventOf<A>>(
  connection: Connection,
  action: A,
  input: InputOf<A>,
  options: SubscriptionOptions<EventOf<A>, Data> = {},
): Subscription<Data> {
  const asked = rememberAsked()(action, input)
  const { now, hold } = observeSubscription(connection, asked, options, undefined)
  return { $state: derive(now(), now, hold) }
}

/** What one of those who show a subscription sees of it. */
export interface SubscriptionObserver<Event, Data> {
  now(): SubscriptionState<Data>
  /** Follows, where it is enabled; returns the undo. */
  hold(changed: () => void): () => void
  /** The function of now: that of the latest render. */
  use(reduce: Reduce<Event, Data> | undefined): void
}

/** What a screen can show, ms: one frame at 60 Hz. By the clock, because animation frames sleep in a hidden tab. */
const frameTime = 17

/** @param before what was shown of the same series so far */
export function observeSubscription<Event, Data>(
  connection: Connection,
  asked: Asked,
  { reduce: first, timeout, enabled = true, throttle = frameTime }: SubscriptionOptions<Event, Data>,
  before: Data | undefined,
): SubscriptionObserver<Event, Data> {
  connectionControllerOf(connection)
  checkTime('throttle', throttle)
  let reduce = first
  let series: Series<Data> | null = null
  let shown: SubscriptionState<Data> = enabled
    ? { ...pendingSubscription, data: before }
    : { status: 'idle', data: before, error: null }
  let release = () => {}
  let changed = () => {}
  let stopTimer: (() => void) | null = null

  const show = () => {
    if (!series || shown === series.state) return
    shown = series.state
    changed()
  }
  /** After something was shown, what follows waits; with nothing to follow the next is at once again. */
  const rest = () => {
    if (throttle <= 0) return
    stopTimer = systemClock.after(throttle, () => {
      stopTimer = null
      if (!series || shown === series.state) return
      show()
      rest()
    })
  }
  const heard = () => {
    if (!series) return
    const { status, error, data } = series.state
    const isNews = status !== shown.status || error !== shown.error
    if (stopTimer && !isNews) return
    const hasData = data !== shown.data
    show()
    if (hasData && !stopTimer) rest()
  }
  const join = () => {
    series = joinSeries(connection, asked, reduce, timeout, shown.data)
    release = series.hold(heard)
    shown = series.state
  }
  const leave = () => {
    stopTimer?.()
    stopTimer = null
    if (series) shown = series.state
    series = null
    release()
  }

  return {
    now: () => {
      if (series || !enabled) return shown
      return seeSeries(connection, asked, reduce)?.state ?? { ...pendingSubscription, data: shown.data }
    },
    hold(listener) {
      changed = listener
      if (enabled) join()
      return () => {
        changed = () => {}
        leave()
      }
    },
    use(next) {
      if (next === reduce) return
      reduce = next
      if (series && !series.isShared) series.reduce = next as Reduce<unknown, Data> | undefined
      // Others go on with the function that was shared until now.
      else if (series)
        queueMicrotask(() => {
          if (!series || series.reduce === reduce) return
          leave()
          join()
          changed()
        })
    },
  }
}
