import type { RequestError } from '../base/errors'
import type { RequestState } from '../base/types'

/**
 * A request as its hook shows it: one transition function over what can happen to it.
 *
 * ```text
 *  idle ──started──▶ pending ──succeeded──▶ success ◀──succeeded──┐
 *                     ▲   └──────failed───▶ error ───started──────┤ (data kept: isFetching)
 *                     └─started, no data──────┘                   │
 *                         success ──started──▶ success, isFetching┘
 * ```
 *
 * `paused` and `resumed` only turn `isPaused` of what is in flight. Each attempt settles exactly once: an answer to
 * an attempt that is over, or that a later one has replaced, is not accepted.
 */
export interface RequestMachine<Data = unknown> {
  /** Counts the attempts; 0 before the first. */
  readonly attempt: number
  readonly state: RequestState<Data>
}

export type RequestEvent<Data = unknown> =
  /** An attempt began. `paused`: there is no link yet. */
  | { readonly type: 'started'; readonly paused: boolean }
  /** The link went away, or came (back). */
  | { readonly type: 'paused' | 'resumed' }
  | { readonly type: 'succeeded'; readonly attempt: number; readonly data: Data }
  | { readonly type: 'failed'; readonly attempt: number; readonly error: RequestError }

const resting = { isPending: false, isFetching: false, isPaused: false } as const

/** Nothing has been asked yet. */
export const idleRequest = {
  attempt: 0,
  // As TanStack Query has it: while this is false, there is data or an error.
  state: { status: 'idle', data: undefined, error: null, ...resting, isPending: true },
} as const satisfies RequestMachine<never>

/** What a request shows before anything is known of its connection: on a server, and in the first client render. */
export const waitingRequest = {
  status: 'pending',
  data: undefined,
  error: null,
  isPending: true,
  isFetching: true,
  isPaused: true,
} as const satisfies RequestState<never>

/** The next state; the same object where the event is not accepted. */
export function requestTransition<Data>(
  machine: RequestMachine<Data>,
  event: RequestEvent<Data>,
): RequestMachine<Data> {
  const { attempt, state } = machine
  switch (event.type) {
    case 'started':
      if (state.isFetching) return machine
      return { attempt: attempt + 1, state: fetching(state, event.paused) }
    case 'paused':
    case 'resumed': {
      const isPaused = event.type === 'paused'
      if (!state.isFetching || state.isPaused === isPaused) return machine
      return { attempt, state: { ...state, isPaused } as RequestState<Data> }
    }
    case 'succeeded':
      if (!state.isFetching || event.attempt !== attempt) return machine
      return { attempt, state: { status: 'success', data: event.data, error: null, ...resting } }
    case 'failed':
      if (!state.isFetching || event.attempt !== attempt) return machine
      return { attempt, state: { status: 'error', data: state.data, error: event.error, ...resting } }
  }
}

/** Older data stays visible, with the error it may stand beside; without data there is nothing to show yet. */
function fetching<Data>(state: RequestState<Data>, isPaused: boolean): RequestState<Data> {
  if (state.status === 'success') return { ...state, isFetching: true, isPaused }
  if (state.status === 'error' && state.data !== undefined) return { ...state, isFetching: true, isPaused }
  return { ...waitingRequest, isPaused }
}
