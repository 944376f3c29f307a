import { atom, type ReadableAtom } from 'nanostores'
import { encodeKey } from '../codec/values'
import { NanopeerError, type RequestError } from '../errors'
import type { ActionLike, Connection, RequestState } from '../types'
import { idleRequest, type RequestEvent, requestTransition } from './machine'
import { type Rerun, rerunOnNewSession } from './rerun'
import { whileHeld } from './while-held'

/** One request under way or answered, shared by everybody who asks the same of the same connection. */
export interface Flight<Data = unknown> {
  readonly $state: ReadableAtom<RequestState<Data>> & { readonly value: RequestState<Data> }
  /** Sends the request in a microtask, and keeps it; returns its undo. */
  hold(): () => void
  /** Asks again, or joins what is in flight. Resolves when that has settled. */
  refetch(): Promise<void>
  abort(): void
}

const flights = new WeakMap<Connection, Map<string, Flight>>()

/** Equal for requests that mean the same: the action's name, and the input whatever the order of its fields. */
export function requestKey(action: ActionLike, input: unknown): string {
  const name = typeof action === 'string' ? action : action.name
  return `${name.length}:${name}${inputKey(input)}`
}

/** An input that cannot be sent has a key too: the request itself says what is wrong with it. */
function inputKey(input: unknown): string {
  try {
    return encodeKey(input)
  } catch (error) {
    return String(error)
  }
}

/** The flight that is there already. */
export const seeFlight = <Data>(connection: Connection, action: ActionLike, input: unknown) =>
  flights.get(connection)?.get(requestKey(action, input)) as Flight<Data> | undefined

/** The flight that is there, or a new one. It must be held in the same turn, or it is never forgotten. */
export function joinFlight<Data>(
  connection: Connection,
  action: ActionLike,
  input: unknown,
  options: { readonly timeout?: number },
): Flight<Data> {
  const key = requestKey(action, input)
  const ofConnection = flights.get(connection) ?? new Map<string, Flight>()
  flights.set(connection, ofConnection)
  const there = ofConnection.get(key) as Flight<Data> | undefined
  if (there) return there
  const flight = createFlight<Data>(connection, action, input, options, () => ofConnection.delete(key))
  ofConnection.set(key, flight)
  return flight
}

function createFlight<Data>(
  connection: Connection,
  action: ActionLike,
  input: unknown,
  options: { readonly timeout?: number },
  forget: () => void,
): Flight<Data> {
  let machine = requestTransition<Data>(idleRequest, { type: 'started', paused: !isLinked(connection) })
  let sent: AbortController | null = null
  let rerun: Rerun | null = null
  let isGivenUp = false
  let waiting: (() => void)[] = []
  const $state = atom<RequestState<Data>>(machine.state)

  /** False where the event is not accepted. */
  const dispatch = (event: RequestEvent<Data>): boolean => {
    const before = machine
    machine = requestTransition(machine, event)
    $state.set(machine.state)
    return machine !== before
  }

  const send = () => {
    const { attempt } = machine
    sent = new AbortController()
    rerun?.started()
    connection.request(action, input, { timeout: options.timeout, signal: sent.signal }).then(
      (data) => settle({ type: 'succeeded', attempt, data }),
      (error: RequestError) => settle({ type: 'failed', attempt, error }),
    )
  }

  const settle = (event: RequestEvent<Data> & { type: 'succeeded' | 'failed' }) => {
    if (!dispatch(event)) return
    sent = null
    const done = waiting
    waiting = []
    for (const resolve of done) resolve()
    if (event.type === 'failed') rerun?.failed(event.error)
  }

  const run = () => {
    isGivenUp = false
    if (dispatch({ type: 'started', paused: !isLinked(connection) })) send()
  }

  const runAnew = () => {
    // Who has given up decides when to ask again.
    if (!isGivenUp) run()
  }

  const abort = () => {
    isGivenUp = true
    const error = new NanopeerError('ABORTED', 'The request was aborted.')
    sent?.abort(error)
    settle({ type: 'failed', attempt: machine.attempt, error })
  }

  const begin = () => {
    rerun = rerunOnNewSession(connection, () => machine.state.isFetching, runAnew)
    // Listening also holds the connection for as long as the request is shown.
    const unfollow = connection.$status.subscribe(() =>
      dispatch({ type: isLinked(connection) ? 'resumed' : 'paused' }),
    )
    if (machine.state.isFetching && sent === null) send()
    return () => {
      unfollow()
      rerun?.stop()
      rerun = null
      abort()
    }
  }

  return {
    $state,
    hold: whileHeld(begin, forget),
    refetch: () =>
      new Promise((resolve) => {
        waiting.push(resolve)
        run()
      }),
    abort,
  }
}

/** Whether requests travel now; an unstable link is still one. */
export function isLinked(connection: Connection): boolean {
  const state = connection.$status.value?.state
  return state === 'open' || state === 'unstable'
}
