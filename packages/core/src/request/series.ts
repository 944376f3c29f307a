import { toAction } from '../base/action'
import type { RequestError } from '../base/errors'
import type { Connection } from '../base/types'
import type { Asked } from './asked'
import { isSameSnapshot } from './equal'
import { readSessions } from './read-sessions'
import { warnAboutMutation } from './warn-mutation'
import { whileHeld } from './while-held'

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

type AnyReduce = Reduce<unknown, unknown>

/** One series of events under way, shared by everybody who follows the same of the same connection by the same `reduce`. */
export interface Series<Data = unknown> {
  readonly state: SubscriptionState<Data>
  /** Whether anybody else holds it, too. */
  readonly isShared: boolean
  /** Undefined: the latest event. Only for one that is not shared, which nobody can join any more. */
  reduce: Reduce<unknown, Data> | undefined
  /** Begins the series in a microtask; returns the undo. */
  hold(changed: () => void): () => void
}

/** What a subscription shows before it has begun: on a server, and in the first client render. */
export const pendingSubscription: SubscriptionState<never> = {
  status: 'pending',
  data: undefined,
  error: null,
}

const allSeries = new WeakMap<Connection, Map<string, Set<Series>>>()

/** The series of this question with this very `reduce`, if one is under way: an inline function is nobody else's. */
export const seeSeries = <Data>(
  connection: Connection,
  { key }: Asked,
  reduce: Reduce<never, Data> | undefined,
): Series<Data> | undefined =>
  [...(allSeries.get(connection)?.get(key) ?? [])].find((series) => series.reduce === reduce) as
    | Series<Data>
    | undefined

/**
 * The series that is there, or a new one. It must be held in the same turn, or it is never forgotten.
 *
 * @param before the data that a new one goes on from
 */
export function joinSeries<Data>(
  connection: Connection,
  asked: Asked,
  reduce: Reduce<never, Data> | undefined,
  timeout: number | undefined,
  before: Data | undefined,
): Series<Data> {
  const there = seeSeries(connection, asked, reduce)
  if (there) return there
  const ofConnection = allSeries.get(connection) ?? new Map<string, Set<Series>>()
  const ofKey = ofConnection.get(asked.key) ?? new Set<Series>()
  allSeries.set(connection, ofConnection.set(asked.key, ofKey))
  const series = createSeries(connection, asked, reduce as AnyReduce | undefined, timeout, before, () => {
    ofKey.delete(series)
    if (ofKey.size === 0) ofConnection.delete(asked.key)
  })
  ofKey.add(series)
  return series as Series<Data>
}

function createSeries(
  connection: Connection,
  asked: Asked,
  reduce: AnyReduce | undefined,
  timeout: number | undefined,
  before: unknown,
  forget: () => void,
): Series {
  let state: SubscriptionState = { ...pendingSubscription, data: before }
  const listeners = new Set<() => void>()

  const show = (change: Partial<SubscriptionState>) => {
    const next = { ...state, ...change }
    if (isSameSnapshot(state, next)) return
    state = next
    for (const changed of [...listeners]) changed()
  }

  const reduced = (event: unknown): unknown => {
    if (!series.reduce) return event
    return warnAboutMutation(series.reduce, state.data, () => series.reduce?.(state.data, event))
  }

  const follow = async (signal: AbortSignal) => {
    // A plain name says nothing of the kind.
    const request = connection.request(toAction(asked.action, 'events'), asked.input, { signal, timeout })
    const events = (await request) as AsyncIterable<unknown>
    if (signal.aborted) return
    show({ status: 'active' })
    for await (const event of events) {
      if (signal.aborted) return
      show({ data: reduced(event) })
    }
  }

  const begin = () =>
    readSessions(connection, follow, {
      began: () => show({ status: 'pending', error: null }),
      ended: (error) => show(error ? { status: 'error', error } : { status: 'ended' }),
    }).stop

  const holdNow = whileHeld(begin, forget)

  const series: Series = {
    get state() {
      return state
    },
    get isShared() {
      return listeners.size > 1
    },
    reduce,
    hold(changed) {
      // Of its own, for each holder.
      const listener = () => changed()
      const release = holdNow()
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        release()
      }
    },
  }
  return series
}
