import type { RequestRecord } from '../record/request'

/** A stretch of a request in one state. */
export interface Stretch {
  readonly state: 'waiting' | 'pending' | 'streaming'
  /** Epoch ms. */
  readonly from: number
  readonly to: number
}

/** Where a request's time went, ms. */
export interface Split {
  /** For a link. */
  readonly waiting: number
  /** At the other side: the way there, its handler, and the way back. */
  readonly handler: number
  /** From the first word of the answer to the last. */
  readonly streaming: number
  readonly total: number
}

/** A request as stretches, one behind the other, up to now or its end. */
export const stretchesOf = ({ phases, startedAt, end }: RequestRecord, now: number): Stretch[] => {
  const until = end?.at ?? now
  const stretches = phases.map(({ at, state }, index) => ({
    state,
    from: at,
    to: Math.max(at, phases[index + 1]?.at ?? until),
  }))
  return stretches.length > 0 ? stretches : [{ state: 'waiting', from: startedAt, to: until }]
}

/** Adds up where the time went. */
export const splitOf = (record: RequestRecord, now: number): Split => {
  const sums = { waiting: 0, pending: 0, streaming: 0 }
  for (const { state, from, to } of stretchesOf(record, now)) sums[state] += to - from
  const { waiting, pending, streaming } = sums
  return { waiting, handler: pending, streaming, total: (record.end?.at ?? now) - record.startedAt }
}

/** What a request is doing, in a word. */
export const stateOf = (record: RequestRecord): string => {
  if (record.end) {
    if (record.end.code === null) return 'done'
    return record.end.code === 'ABORTED' ? 'aborted' : 'failed'
  }
  const state = record.phases.at(-1)?.state ?? 'waiting'
  if (record.direction === 'in') return state === 'pending' ? 'handler runs' : 'answering'
  return state === 'pending' ? 'at the device' : state
}
