import { NanopeerError, type RequestError } from '../base/errors'
import type { ActionLike, Connection, RequestState } from '../base/types'
import { isLinked } from '../connection/watch'
import { type Asked, isSame, keyOfAction, requestKey } from './asked'
import { idleRequest, type RequestEvent, type RequestMachine, requestTransition } from './machine'
import { createPoll } from './poll'
import { type Rerun, rerunOnNewSession } from './rerun'
import { whileHeld } from './while-held'

/** What one of those who share a request wants of it. */
export interface FlightHolder {
  changed(): void
  /** Ms; the shortest of all holders counts. */
  readonly interval: number | null
  /** `always`: also when a link is back that carries the session on. */
  readonly onReconnect: boolean | 'always'
}

/** One request under way or answered, shared by everybody who asks the same of the same connection. */
export interface Flight<Data = unknown> {
  readonly state: RequestState<Data>
  /** Sends the request in a microtask, and keeps it; returns its undo. Who comes after a failure asks again. */
  hold(holder: FlightHolder): () => void
  /** Asks again, once what is in flight has settled. Resolves when that is answered or has failed. */
  refetch(): Promise<void>
  /** Gives up what is in flight, and what would have followed it. */
  abort(): void
}

const flights = new WeakMap<Connection, Map<string, Flight>>()

/** The flight that is there already. */
export const seeFlight = <Data>(connection: Connection, { key }: Asked) =>
  flights.get(connection)?.get(key) as Flight<Data> | undefined

/**
 * The flight that is there, or a new one. It must be held in the same turn, or it is never forgotten.
 *
 * @param before what a new flight begins from: what its first holder shows
 */
export function joinFlight<Data>(
  connection: Connection,
  asked: Asked,
  timeout: number | undefined,
  before: RequestState<Data> | null,
): Flight<Data> {
  const ofConnection = flights.get(connection) ?? new Map<string, Flight>()
  flights.set(connection, ofConnection)
  const there = ofConnection.get(asked.key) as Flight<Data> | undefined
  if (there) return there
  const forget = () => ofConnection.delete(asked.key)
  const flight = createFlight<Data>(connection, asked, timeout, before, forget)
  ofConnection.set(asked.key, flight)
  return flight
}

/** Those of one action that are there now, whatever their input, or of one input. */
export const flightsOf = (
  connection: Connection,
  action: ActionLike,
  ...input: readonly unknown[]
): Flight[] => {
  const prefix = input.length > 0 ? requestKey(action, input[0]) : keyOfAction(action)
  const isMeant = (key: string) => (input.length > 0 ? key === prefix : key.startsWith(prefix))
  return [...(flights.get(connection) ?? [])].filter(([key]) => isMeant(key)).map(([, flight]) => flight)
}

function createFlight<Data>(
  connection: Connection,
  asked: Asked,
  timeout: number | undefined,
  before: RequestState<Data> | null,
  forget: () => void,
): Flight<Data> {
  let machine: RequestMachine<Data> = { attempt: 1, state: begun(before, connection) }
  let sent: AbortController | null = null
  /** Sent in this very turn: whoever asks again now means the same. */
  let isFresh = false
  let rerun: Rerun | null = null
  let isGivenUp = false
  /** Who waits for the attempt of now, and who for the one behind it. */
  let waiting: (() => void)[] = []
  let queued: (() => void)[] = []
  const holders = new Set<FlightHolder>()
  const poll = createPoll(() => run())

  /** False where the event is not accepted. */
  const dispatch = (event: RequestEvent<Data>): boolean => {
    const was = machine
    machine = requestTransition(machine, event)
    if (machine === was) return false
    for (const holder of [...holders]) holder.changed()
    return true
  }

  const send = () => {
    const { attempt } = machine
    sent = new AbortController()
    isFresh = true
    queueMicrotask(() => {
      isFresh = false
    })
    rerun?.started()
    connection.request(asked.action, asked.input, { timeout, signal: sent.signal }).then(
      (answer) => {
        const { data } = machine.state
        // One that says what the one before said is no news.
        settle({ type: 'succeeded', attempt, data: isSame(data, answer) ? (data as Data) : answer })
      },
      (error: RequestError) => settle({ type: 'failed', attempt, error }),
    )
  }

  const settle = (event: RequestEvent<Data> & { type: 'succeeded' | 'failed' }) => {
    if (!dispatch(event)) return
    sent = null
    const done = waiting
    waiting = queued
    queued = []
    for (const resolve of done) resolve()
    if (waiting.length > 0) run()
    else if (event.type === 'failed') rerun?.failed(event.error)
  }

  const run = () => {
    isGivenUp = false
    if (dispatch({ type: 'started', paused: !isLinked(connection) })) send()
  }

  const runInSession = () => {
    // Who has given up decides when to ask again.
    if (isGivenUp) return
    if (machine.state.status === 'error' || [...holders].some(({ onReconnect }) => onReconnect)) run()
  }

  const abort = () => {
    isGivenUp = true
    const error = new NanopeerError('ABORTED', 'The request was aborted.')
    sent?.abort(error)
    const left = queued
    queued = []
    settle({ type: 'failed', attempt: machine.attempt, error })
    for (const resolve of left) resolve()
  }

  const begin = () => {
    rerun = rerunOnNewSession(connection, () => machine.state.isFetching, runInSession)
    let wasLinked = true
    // Listening also holds the connection for as long as the request is shown.
    const unfollow = connection.$status.subscribe(() => {
      const linked = isLinked(connection)
      dispatch({ type: linked ? 'resumed' : 'paused' })
      const isBack = linked && !wasLinked && !isGivenUp
      wasLinked = linked
      if (isBack && [...holders].some(({ onReconnect }) => onReconnect === 'always')) run()
    })
    if (machine.state.isFetching && sent === null) send()
    return () => {
      unfollow()
      rerun?.stop()
      rerun = null
      abort()
    }
  }

  const holdNow = whileHeld(begin, forget)

  const holdersChanged = () => {
    const intervals = [...holders].flatMap(({ interval }) => (interval === null ? [] : [interval]))
    poll.set(intervals.length > 0 ? Math.min(...intervals) : null)
  }

  return {
    get state() {
      return machine.state
    },
    hold(holder) {
      const release = holdNow()
      if (isFailed(machine.state)) run()
      holders.add(holder)
      holdersChanged()
      return () => {
        holders.delete(holder)
        holdersChanged()
        release()
      }
    },
    refetch: () =>
      new Promise((resolve) => {
        const isUnderWay = machine.state.isFetching && sent !== null && !isFresh
        const line = isUnderWay ? queued : waiting
        line.push(resolve)
        run()
      }),
    abort,
  }
}

/** Whether who comes now asks again. */
const isFailed = ({ status, isFetching }: RequestState): boolean => status === 'error' && !isFetching

/** What is shown of a request that is about to begin: the data that is there, which may be older. */
function begun<Data>(before: RequestState<Data> | null, connection: Connection): RequestState<Data> {
  const machine = before?.data === undefined ? idleRequest : { attempt: 0, state: before }
  return requestTransition<Data>(machine, { type: 'started', paused: !isLinked(connection) }).state
}

/** What somebody who is about to ask will see at first. */
export function foresee<Data>(
  connection: Connection,
  asked: Asked,
  before: RequestState<Data> | null,
): RequestState<Data> {
  const state = seeFlight<Data>(connection, asked)?.state
  if (state) return isFailed(state) ? begun(state, connection) : state
  return begun(before, connection)
}
