import { checkTime } from '../base/check-options'
import type { ActionLike, AnswerOf, Connection, InputOf, RequestState } from '../base/types'
import { connectionControllerOf } from '../connection/controller'
import { derive, type View } from '../derive'
import { type Asked, rememberAsked } from './asked'
import { type Flight, flightsOf, foresee, joinFlight, seeFlight } from './flight'
import { idleRequest } from './machine'

/** Options of a request that is shown rather than awaited. */
export interface SharedRequestOptions {
  /** As in `connection.request`; of several askers in one flight the first one's counts. @default 30000 */
  readonly timeout?: number | undefined
  /**
   * Asks nothing by itself while false, and keeps what it shows; `refetch` asks all the same.
   * @default true
   */
  readonly enabled?: boolean | undefined
  /**
   * Ms after which it asks again, and again. The shortest of all that share the request counts, and none while the page
   * is hidden. `false` and 0: never.
   * @default false
   */
  readonly refetchInterval?: number | false | undefined
  /**
   * Asks again in each new session of the connection: the device has restarted and knows nothing of us. `always`: also
   * when a lost link is back that carries the session on.
   * @default true
   */
  readonly refetchOnReconnect?: boolean | 'always' | undefined
}

/** The store behind `useRequest`. */
export interface Request<Data = unknown> {
  /** Asks while it has listeners. Reading it asks nothing. */
  readonly $state: View<RequestState<Data>>
  /**
   * Asks again, behind what is in flight: that may have been answered before whatever made you ask. All who ask meanwhile
   * share the one that follows. Resolves when it has settled, however; never rejects.
   */
  refetch(): Promise<void>
  /** Gives up what is in flight, for all who share it: they see `ABORTED`. */
  abort(): void
}

/**
 * Creates the store of one request, which asks when it is first listened to. Requests of one connection with the
 * same action name and an equal input share one flight, and each new session of the connection asks again.
 *
 * The flight of a request that nobody listens to any more is aborted one task later, on the device too. The store keeps its
 * data, and asks again when it is listened to again.
 *
 * @example
 * const files = createRequest(nas, listFiles, { path: '/' })
 * const stop = files.$state.subscribe(({ status, data }) => render(status, data))
 */
export function createRequest<A extends ActionLike>(
  connection: Connection,
  action: A,
  input: InputOf<A>,
  options: SharedRequestOptions = {},
): Request<AnswerOf<A>> {
  const { now, hold, refetch, abort } = observeRequest<AnswerOf<A>>(
    connection,
    rememberAsked()(action, input),
    options,
  )
  return { $state: derive(now(), now, hold), refetch, abort }
}

/**
 * Asks again for everybody who shows what this action answered, whatever their input, or for one input. What nobody shows
 * now is asked for anyway when it is shown.
 *
 * @returns resolves when all of it has settled; an error of what is asked does not reject it.
 * @throws `NanopeerError` `INVALID_INPUT` for a connection of another copy of nanopeer, as a rejection.
 * @example
 * await connection.request(removeFile, { path })
 * await invalidate(connection, listFiles)
 */
export async function invalidate<A extends ActionLike>(
  connection: Connection,
  action: A,
  ...input: [input?: InputOf<A>]
): Promise<void> {
  connectionControllerOf(connection)
  await Promise.all(flightsOf(connection, action, ...input).map((flight) => flight.refetch()))
}

/** What one of those who show a request sees of it. */
export interface RequestObserver<Data> {
  now(): RequestState<Data>
  /** Asks, where it is enabled; returns the undo. */
  hold(changed: () => void): () => void
  refetch(): Promise<void>
  abort(): void
}

/** @param before what was shown of the same request so far */
export function observeRequest<Data>(
  connection: Connection,
  asked: Asked,
  options: SharedRequestOptions,
  before: RequestState<Data> | null = null,
): RequestObserver<Data> {
  const { timeout, enabled = true, refetchInterval, refetchOnReconnect = true } = options
  // One of another copy of nanopeer is refused here, where whoever gave it hears of it.
  connectionControllerOf(connection)
  if (refetchInterval !== false && refetchInterval !== 0) checkTime('refetchInterval', refetchInterval, 1)
  let last = before
  let changed = () => {}
  /** The flight that is held, and by how many: whoever shows it, and each refetch. */
  let flight: Flight<Data> | null = null
  let holds = 0
  let release = () => {}

  const attach = (): Flight<Data> => {
    holds++
    if (flight) return flight
    flight = joinFlight<Data>(connection, asked, timeout, last)
    release = flight.hold({
      changed: () => changed(),
      interval: (enabled && refetchInterval) || null,
      onReconnect: enabled && refetchOnReconnect,
    })
    return flight
  }
  const detach = () => {
    if (--holds > 0 || !flight) return
    last = flight.state
    flight = null
    release()
  }

  return {
    now() {
      if (flight) return flight.state
      return enabled ? foresee(connection, asked, last) : resting(last)
    },
    hold(listener) {
      changed = listener
      if (enabled) attach()
      return () => {
        changed = () => {}
        if (enabled) detach()
      }
    },
    async refetch() {
      const refetched = attach().refetch()
      // Who asks nothing by itself has not begun to look until now.
      changed()
      await refetched
      detach()
      changed()
    },
    abort() {
      seeFlight<Data>(connection, asked)?.abort()
    },
  }
}

/** What is left of a request that asks nothing now. */
function resting<Data>(state: RequestState<Data> | null): RequestState<Data> {
  if (!state || state.status === 'idle' || state.status === 'pending') return idleRequest.state
  return { ...state, isFetching: false, isPaused: false }
}
