import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ActionError, NanopeerError } from '../src/base/errors'
import type { ConnectionStatus, PeerStatus } from '../src/base/types'
import { type ConnectionEvent, connectionTransition, idleConnection } from '../src/connection/machine'
import { idlePeer, type PeerEvent, peerTransition } from '../src/peer/machine'
import {
  idleRequest,
  type RequestEvent,
  type RequestMachine,
  requestTransition,
} from '../src/request/machine'

const error = fc.constantFrom(new NanopeerError('NETWORK', 'away'), new NanopeerError('TIMEOUT', 'late'))
const retryAt = fc.option(fc.constantFrom(1000, 2000))

interface Step<State, Event> {
  readonly before: State
  readonly event: Event
  readonly after: State
}

/** Every step that some sequence of at most 7 of these events can take. */
const explore = <State, Event>(
  start: State,
  transition: (state: State, event: Event) => State,
  events: readonly Event[],
): Step<State, Event>[] => {
  const steps: Step<State, Event>[] = []
  const seen = new Set([JSON.stringify(start)])
  let edge = [start]
  for (let depth = 0; depth < 7; depth++) {
    const found: State[] = []
    for (const before of edge) {
      for (const event of events) {
        const after = transition(before, event)
        steps.push({ before, event, after })
        if (seen.has(JSON.stringify(after))) continue
        seen.add(JSON.stringify(after))
        found.push(after)
      }
    }
    edge = found
  }
  return steps
}

/** Runs random events and checks every step. */
const checkSteps = <State, Event>(
  start: State,
  transition: (state: State, event: Event) => State,
  event: fc.Arbitrary<Event>,
  check: (before: State, event: Event, after: State) => void,
): void => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      let state = start
      for (const next of events) {
        const frozen = JSON.stringify(state)
        const after = transition(state, next)
        expect(JSON.stringify(state)).toBe(frozen)
        check(state, next, after)
        state = after
      }
    }),
    { numRuns: 1000 },
  )
}

describe('a peer', () => {
  const event: fc.Arbitrary<PeerEvent> = fc.oneof(
    fc.constantFrom<PeerEvent>(
      { type: 'held' },
      { type: 'released' },
      { type: 'attempted' },
      { type: 'opened' },
    ),
    fc.record({ type: fc.constant('lost' as const), error, retryAt }),
    { arbitrary: fc.constant<PeerEvent>({ type: 'destroyed' }), weight: 1 },
  )

  /** Which events change which state. */
  const accepted: Record<PeerStatus['state'], readonly PeerEvent['type'][]> = {
    idle: ['held', 'destroyed'],
    connecting: ['released', 'opened', 'lost', 'destroyed'],
    open: ['released', 'lost', 'destroyed'],
    disconnected: ['released', 'attempted', 'opened', 'lost', 'destroyed'],
    destroyed: [],
  }

  test('leaves its state as it is for every event that the state does not accept', () => {
    checkSteps(idlePeer, peerTransition, event, (before, { type }, after) => {
      expect(after !== before).toBe(accepted[before.state].includes(type))
    })
  })

  test('is destroyed for ever', () => {
    checkSteps(idlePeer, peerTransition, event, (before, { type }, after) => {
      if (before.state === 'destroyed' || type === 'destroyed') expect(after.state).toBe('destroyed')
    })
  })

  test('opens nothing unless it is held', () => {
    checkSteps(idlePeer, peerTransition, event, (before, { type }, after) => {
      if (before.state === 'idle' && type !== 'held') expect(['idle', 'destroyed']).toContain(after.state)
    })
  })

  test('says when it tries again only while it is disconnected, and keeps the error until it is open', () => {
    checkSteps(idlePeer, peerTransition, event, (before, { type }, after) => {
      if (after.state !== 'disconnected') expect(after.retryAt).toBe(null)
      if (type === 'attempted' && before.state === 'disconnected') expect(after.error).toBe(before.error)
      if (after.state === 'open') expect(after.error).toBe(null)
    })
  })

  test('can reach every state', () => {
    const steps = explore<PeerStatus, PeerEvent>(idlePeer, peerTransition, [
      { type: 'held' },
      { type: 'released' },
      { type: 'attempted' },
      { type: 'opened' },
      { type: 'lost', error: new NanopeerError('NETWORK', 'away'), retryAt: null },
      { type: 'destroyed' },
    ])
    expect(new Set(steps.map(({ after }) => after.state))).toEqual(new Set(Object.keys(accepted)))
  })
})

describe('a connection', () => {
  const link = fc.integer({ min: 1, max: 4 })
  const event: fc.Arbitrary<ConnectionEvent> = fc.oneof(
    fc.constant<ConnectionEvent>({ type: 'dialled' }),
    fc.record({ type: fc.constantFrom('opened' as const, 'silent' as const, 'heard' as const), link }),
    fc.record({ type: fc.constant('lost' as const), link, error: fc.option(error) }),
    fc.record({ type: fc.constant('scheduled' as const), retryAt }),
    fc.record({ type: fc.constant('closed' as const), error: fc.option(error) }),
  )

  const linkOf = (status: ConnectionStatus): number | null => ('link' in status ? status.link : null)

  test('has at most one live link, and only a newer one takes its place', () => {
    checkSteps(idleConnection, connectionTransition, event, (before, given, after) => {
      const [old, now] = [linkOf(before), linkOf(after)]
      if (old !== null && now !== null && now !== old) {
        expect(given.type).toBe('opened')
        expect(now).toBeGreaterThan(old)
      }
    })
  })

  test('hears nothing of a link that is not its own', () => {
    checkSteps(idleConnection, connectionTransition, event, (before, given, after) => {
      if (given.type === 'opened' || !('link' in given)) return
      if (given.link !== linkOf(before)) expect(after).toBe(before)
    })
  })

  test('is live exactly while it has a link, which only an opened link gives', () => {
    checkSteps(idleConnection, connectionTransition, event, (before, given, after) => {
      expect(['open', 'unstable'].includes(after.state)).toBe(linkOf(after) !== null)
      if (linkOf(before) === null && linkOf(after) !== null) expect(given).toMatchObject({ type: 'opened' })
    })
  })

  /** Which events can change which state. */
  const accepted: Record<ConnectionStatus['state'], readonly ConnectionEvent['type'][]> = {
    idle: ['dialled', 'opened'],
    connecting: ['opened', 'closed'],
    open: ['opened', 'silent', 'lost', 'closed'],
    unstable: ['opened', 'heard', 'lost', 'closed'],
    reconnecting: ['opened', 'scheduled', 'closed'],
    closed: ['dialled', 'opened', 'scheduled'],
  }

  test('leaves its state as it is for every event that the state does not accept', () => {
    checkSteps(idleConnection, connectionTransition, event, (before, { type }, after) => {
      if (!accepted[before.state].includes(type)) expect(after).toBe(before)
      // Never a copy that says the same: a store would tell its listeners for nothing.
      if (after !== before) expect(after).not.toEqual(before)
    })
  })

  test('can reach every state, and take every step of its table', () => {
    const steps = explore<ConnectionStatus, ConnectionEvent>(idleConnection, connectionTransition, [
      { type: 'dialled' },
      ...[1, 2].flatMap((link): ConnectionEvent[] => [
        { type: 'opened', link },
        { type: 'silent', link },
        { type: 'heard', link },
        { type: 'lost', link, error: null },
      ]),
      { type: 'scheduled', retryAt: 1000 },
      { type: 'closed', error: null },
    ])
    const taken: Record<string, string[]> = {}
    for (const { before, event, after } of steps) {
      taken[before.state] ??= []
      if (after !== before) taken[before.state]?.push(event.type)
    }
    for (const [state, types] of Object.entries(accepted)) {
      expect(new Set(taken[state])).toEqual(new Set(types))
    }
  })

  test('says why it is closed, and when it tries again only without a link', () => {
    checkSteps(idleConnection, connectionTransition, event, (before, given, after) => {
      if (given.type === 'closed' && after !== before) expect(after.error).toBe(given.error)
      if (linkOf(after) !== null) expect([after.error, after.retryAt]).toEqual([null, null])
    })
  })

  test('can be dialled again after it was closed', () => {
    checkSteps(idleConnection, connectionTransition, event, (before, given, after) => {
      if (before.state === 'closed' && given.type === 'dialled') expect(after.state).toBe('connecting')
    })
  })
})

describe('a request', () => {
  type Machine = RequestMachine<string>
  const attempt = fc.integer({ min: 0, max: 4 })
  const event: fc.Arbitrary<RequestEvent<string>> = fc.oneof(
    fc.record({ type: fc.constant('started' as const), paused: fc.boolean() }),
    fc.record({ type: fc.constantFrom('paused' as const, 'resumed' as const) }),
    fc.record({ type: fc.constant('succeeded' as const), attempt, data: fc.constantFrom('old', 'new') }),
    fc.record({
      type: fc.constant('failed' as const),
      attempt,
      error: fc.oneof(error, fc.constant(new ActionError(404, 'gone'))),
    }),
  )
  const settles = ({ type }: RequestEvent<string>) => type === 'succeeded' || type === 'failed'
  const start: Machine = idleRequest

  test('settles each attempt exactly once, and only the attempt that is in flight', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        let machine = start
        const settled: number[] = []
        for (const next of events) {
          const after = requestTransition(machine, next)
          if (settles(next) && after !== machine) settled.push(machine.attempt)
          machine = after
        }
        expect(new Set(settled).size).toBe(settled.length)
        const open = machine.state.isFetching ? 1 : 0
        expect(settled.length + open).toBe(machine.attempt)
      }),
      { numRuns: 1000 },
    )
  })

  test('accepts no answer to an attempt that is over or was never made', () => {
    checkSteps(start, requestTransition<string>, event, (before, given, after) => {
      if (!('attempt' in given)) return
      const isOurs = before.state.isFetching && given.attempt === before.attempt
      expect(after !== before).toBe(isOurs)
    })
  })

  test('keeps the data of the last success until the next one', () => {
    checkSteps(start, requestTransition<string>, event, (before, given, after) => {
      if (given.type === 'succeeded' && after !== before) expect(after.state.data).toBe(given.data)
      else expect(after.state.data).toBe(before.state.data)
    })
  })

  test('says the same in all its fields', () => {
    checkSteps(start, requestTransition<string>, event, (_, __, { state }) => {
      expect(state.isPending).toBe(state.status === 'pending' || state.status === 'idle')
      if (state.isPending) expect(state.data).toBe(undefined)
      if (state.status === 'pending') expect(state.isFetching).toBe(true)
      if (state.isPaused) expect(state.isFetching).toBe(true)
      if (state.status === 'error') expect(state.error).not.toBe(null)
      if (state.status === 'success') expect([state.error, typeof state.data]).toEqual([null, 'string'])
      if (state.status === 'idle') expect(state.isFetching).toBe(false)
    })
  })

  test('never returns a copy that says the same', () => {
    checkSteps(start, requestTransition<string>, event, (before, _, after) => {
      if (after !== before) expect(after).not.toEqual(before)
    })
  })

  test('can reach every state', () => {
    const steps = explore<Machine, RequestEvent<string>>(start, requestTransition, [
      { type: 'started', paused: false },
      { type: 'started', paused: true },
      { type: 'resumed' },
      ...[1, 2].flatMap((attempt): RequestEvent<string>[] => [
        { type: 'succeeded', attempt, data: 'data' },
        { type: 'failed', attempt, error: new NanopeerError('TIMEOUT', 'late') },
      ]),
    ])
    const seen = [start, ...steps.map(({ after }) => after)].map(
      ({ state }) =>
        `${state.status}${state.isFetching ? ' fetching' : ''}${state.isPaused ? ' paused' : ''}`,
    )
    expect(new Set(seen)).toEqual(
      new Set([
        'idle',
        'pending fetching',
        'pending fetching paused',
        'success',
        'success fetching',
        'success fetching paused',
        'error',
        'error fetching',
        'error fetching paused',
      ]),
    )
  })
})
