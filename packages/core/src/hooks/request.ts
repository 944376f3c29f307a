import type { ValueAction } from '../action'
import { requestKey } from '../request/flight'
import { idleRequest, waitingRequest } from '../request/machine'
import { createRequest, type Request, type SharedRequestOptions } from '../request/request'
import { type Skip, skip } from '../request/skip'
import type { AnswerOf, Connection, InputOf, RequestState } from '../types'
import { commitNothing, createView, remember, type Views } from './view'

/** An action that answers with one value, or the plain name of one. */
export type ValueActionLike = ValueAction | string

export interface UseRequestOptions extends SharedRequestOptions {
  /**
   * Shows the data of the input before, as a success that is fetching, until there is some for the new one. Data is
   * never carried over to another connection or action.
   * @default false
   */
  readonly keepPrevious?: boolean
}

/** What `useRequest` gives. */
export type RequestView<Data = unknown> = RequestState<Data> & {
  /** Asks again, or joins what is in flight. Resolves when that has settled; never rejects. Stable. */
  readonly refetch: () => Promise<void>
  /** Gives up what is in flight: the error is `ABORTED`. Stable. */
  readonly abort: () => void
}

/** What `useRequest` is called with. */
export type RequestArguments<A extends ValueActionLike> = readonly [
  connection: Connection | null | undefined,
  action: A,
  input: InputOf<A> | Skip | undefined,
  options?: UseRequestOptions,
]

/** What is on screen of one request. */
interface Shown<Data> {
  readonly connection: Connection
  readonly name: string
  readonly request: Request<Data>
  /** What is visible, be it this request's own or what was kept of the one before. */
  readonly data: () => Data | undefined
}

/** What stands behind `useRequest`. */
export function createRequestViews<A extends ValueActionLike>(): Views<
  RequestArguments<A>,
  RequestView<AnswerOf<A>>
> {
  type Data = AnswerOf<A>
  const functions: Pick<RequestView, 'refetch' | 'abort'> = {
    refetch: async () => current()?.request.refetch(),
    abort: () => current()?.request.abort(),
  }
  const { view, current } = remember<RequestArguments<A>, Shown<Data> | null, RequestView<Data>>(
    (connection, action, input, options) =>
      connection && input !== skip
        ? [connection, requestKey(action, input), options?.keepPrevious, options?.timeout]
        : [],
    (shown, connection, action, input, options = {}) => {
      if (!connection || input === skip) {
        const none: RequestView<Data> = { ...idleRequest.state, ...functions }
        return { subject: null, $view: createView([], none, () => none) }
      }
      const name = typeof action === 'string' ? action : action.name
      const isSeries = shown?.connection === connection && shown.name === name
      const previous = options.keepPrevious && isSeries ? shown.data() : undefined
      const request = createRequest(connection, action, input as InputOf<A>, options)
      const now = () => ({ ...keeping(previous, request.$state.value), ...functions })
      const $view = createView<RequestView<Data>>([request.$state], { ...waitingRequest, ...functions }, now)
      return { subject: { connection, name, request, data: () => $view.value.data }, $view }
    },
  )
  return { view, commit: commitNothing }
}

function keeping<Data>(previous: Data | undefined, state: RequestState<Data>): RequestState<Data> {
  if (previous === undefined || state.status !== 'pending') return state
  return { ...state, status: 'success', data: previous, isPending: false }
}
