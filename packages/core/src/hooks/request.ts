import type { ValueAction } from '../base/action'
import type { RequestError } from '../base/errors'
import type { AnswerOf, Connection, InputOf, RequestState } from '../base/types'
import { derive } from '../derive'
import { type Asked, rememberAsked } from '../request/asked'
import { isSameSnapshot } from '../request/equal'
import { idleRequest, waitingRequest } from '../request/machine'
import { observeRequest, type RequestObserver, type SharedRequestOptions } from '../request/request'
import { type Skip, skip } from '../request/skip'
import { nothing, remember, type Views } from './view'

/** An action that answers with one value, or the plain name of one. */
export type ValueActionLike = ValueAction | string

export interface UseRequestOptions<Answer = unknown, Data = Answer> extends SharedRequestOptions {
  /**
   * Shows the data of the input before, as a success that is fetching, until there is some for the new one. Data is
   * never carried over to another connection or action.
   * @default false
   */
  readonly keepPrevious?: boolean | undefined
  /** Shown, as a success that is fetching, until the device has answered. */
  readonly initialData?: Answer | undefined
  /** What is shown of the answer; what is asked, and shared, stays the whole of it. */
  readonly select?: ((answer: Answer) => Data) | undefined
}

/** What `useRequest` gives. */
export type RequestView<Data = unknown> = RequestState<Data> & {
  /** Asks again, behind what is in flight. Resolves when that has settled; never rejects. Stable. */
  readonly refetch: () => Promise<void>
  /** Gives up what is in flight: the error is `ABORTED`. Stable. */
  readonly abort: () => void
}

/** What `useRequest` is called with. */
export type RequestArguments<A extends ValueActionLike, Data = AnswerOf<A>> = readonly [
  connection: Connection | null | undefined,
  action: A,
  input: InputOf<A> | Skip | undefined,
  options?: UseRequestOptions<AnswerOf<A>, Data>,
]

/** What is on screen of one request. */
interface Shown<Answer> {
  readonly connection: Connection
  readonly asked: Asked
  readonly request: RequestObserver<Answer>
  /** What is visible, be it this request's own or what was kept of the one before. */
  readonly state: () => RequestState<Answer>
}

/** What stands behind `useRequest`. */
export function createRequestViews<A extends ValueActionLike, Data = AnswerOf<A>>(): Views<
  RequestArguments<A, Data>,
  RequestView<AnswerOf<A>>,
  RequestView<Data>
> {
  type Answer = AnswerOf<A>
  const ask = rememberAsked()
  const functions: Pick<RequestView, 'refetch' | 'abort'> = {
    refetch: async () => views.current()?.request.refetch(),
    abort: () => views.current()?.request.abort(),
  }
  const views = remember<RequestArguments<A, Data>, Shown<Answer> | null, RequestView<Answer>>(
    (connection, action, input, options = {}) => {
      if (!connection || input === skip) return []
      const { keepPrevious, timeout, enabled, refetchInterval, refetchOnReconnect } = options
      const { key } = ask(action, input)
      return [connection, key, keepPrevious, timeout, enabled, refetchInterval, refetchOnReconnect]
    },
    (shown, connection, action, input, options = {}) => {
      if (!connection || input === skip) {
        const none: RequestView<Answer> = { ...idleRequest.state, ...functions }
        return nothing(none)
      }
      const { initialData, keepPrevious, enabled } = options
      const asked = ask(action, input)
      const ofSeries = shown?.connection === connection && shown.asked.action === action ? shown : null
      const before = ofSeries?.asked.key === asked.key ? ofSeries.request.now() : null
      const previous = keepPrevious ? ofSeries?.state().data : undefined
      const request = observeRequest<Answer>(connection, asked, options, before)
      const first = enabled === false ? idleRequest.state : waitingRequest
      const state = () => withPrevious(withInitial(request.now(), initialData), previous)
      const $view = derive<RequestView<Answer>>(
        { ...withInitial<Answer>(first, initialData), ...functions },
        () => ({ ...state(), ...functions }),
        request.hold,
      )
      return { subject: { connection, asked, request, state }, $view }
    },
  )
  return { ...views, show: createSelection<A, Data>() }
}

/** Data to begin with stands in until there is some of the device's, beside an error, too. */
function withInitial<Data>(state: RequestState<Data>, initial: Data | undefined): RequestState<Data> {
  if (initial === undefined || state.data !== undefined || state.status === 'success') return state
  return state.status === 'error' ? { ...state, data: initial } : standIn(state, initial)
}

/** What there was of another input stands in while this one's is on its way. */
function withPrevious<Data>(state: RequestState<Data>, previous: Data | undefined): RequestState<Data> {
  return previous === undefined || state.status !== 'pending' ? state : standIn(state, previous)
}

const standIn = <Data>(state: RequestState<Data>, data: Data): RequestState<Data> => ({
  ...state,
  status: 'success',
  data,
  error: null,
  isPending: false,
})

/** Applies `select`, and gives the same object while it makes the same of an answer. */
function createSelection<A extends ValueActionLike, Data>() {
  let from: unknown
  let by: unknown
  let selected: Data | undefined
  let kept: RequestView<Data> | null = null
  return (
    value: RequestView<AnswerOf<A>>,
    ...[, , , options]: RequestArguments<A, Data>
  ): RequestView<Data> => {
    const select = options?.select
    if (!select || value.data === undefined) return value as RequestView<Data>
    if (from !== value.data || by !== select) {
      selected = select(value.data)
      from = value.data
      by = select
    }
    const made = { ...value, data: selected } as RequestView<Data>
    kept = kept && isSameSnapshot(kept, made) ? kept : made
    return kept
  }
}

/** For `throwOnError`: whether this error is to be thrown rather than shown. */
export const isThrown = (
  { error, isFetching }: RequestState,
  throwOnError: boolean | ((error: RequestError) => boolean) | undefined,
): boolean =>
  error !== null &&
  !isFetching &&
  (typeof throwOnError === 'function' ? throwOnError(error) : throwOnError === true)
