import { atom, type ReadableAtom } from 'nanostores'
import type { ActionLike, AnswerOf, Connection, InputOf, RequestState } from '../types'
import { type Flight, isLinked, joinFlight, seeFlight } from './flight'
import { idleRequest, requestTransition } from './machine'
import { holdWhileListened } from './while-held'

/** Options of a request that is shown rather than awaited. */
export interface SharedRequestOptions {
  /** As in `connection.request`; of several askers in one flight the first one's counts. @default 30000 */
  readonly timeout?: number
}

/** The store behind `useRequest`. */
export interface Request<Data = unknown> {
  /** Asks while it has listeners. Reading it asks nothing. */
  readonly $state: ReadableAtom<RequestState<Data>> & { readonly value: RequestState<Data> }
  /** Asks again, or joins what is in flight. Resolves when that has settled, however; never rejects. */
  refetch(): Promise<void>
  /** Gives up what is in flight, for all who share it: they see `ABORTED`. */
  abort(): void
}

/**
 * Creates the store of one request, which asks when it is first listened to. Requests of one connection with the
 * same action name and an equal input share one flight, and each new session of the connection asks again.
 *
 * The flight of a request that nobody listens to any more is aborted one task later, on the device too.
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
  const join = (): Flight<AnswerOf<A>> => joinFlight(connection, action, input, options)
  const $state = atom<RequestState<AnswerOf<A>>>(
    seeFlight<AnswerOf<A>>(connection, action, input)?.$state.value ??
      requestTransition<AnswerOf<A>>(idleRequest, { type: 'started', paused: !isLinked(connection) }).state,
  )
  holdWhileListened($state, () => {
    const flight = join()
    const release = flight.hold()
    const unfollow = flight.$state.subscribe((state) => $state.set(state))
    return () => {
      unfollow()
      release()
    }
  })
  return {
    $state,
    async refetch() {
      const flight = join()
      const release = flight.hold()
      await flight.refetch()
      release()
    },
    abort() {
      seeFlight(connection, action, input)?.abort()
    },
  }
}
