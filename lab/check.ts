import { AssertionError } from 'node:assert'
import type { Actor } from './actors/actor'
import { contentOf, sha256Of } from './actors/content'
import type { Moment, Outcome } from './actors/record'
import type { Received } from './actors/subject'
import { until } from './wait'

/** @throws `message` where it is not so. */
export function check(holds: boolean, message: string): asserts holds {
  if (!holds) throw new AssertionError({ message })
}

/** @throws what failed. */
export function succeeded<Value>(what: string, outcome: Outcome<Value>): Value {
  const { failure } = outcome
  check(failure === null, `${what} failed: ${JSON.stringify(failure)}`)
  return outcome.value as Value
}

/** Checks that a transfer brought exactly the bytes that follow from its seed. */
export const checkContent = async (what: string, received: Received, seed: number, size: number) => {
  const whole = new Uint8Array(size)
  let offset = 0
  for (const piece of contentOf(seed, size)) {
    whole.set(piece, offset)
    offset += piece.length
  }
  check(received.size === size, `${what}: ${received.size} bytes instead of ${size}.`)
  check(received.sha256 === (await sha256Of(whole)), `${what}: the bytes are not the same.`)
}

export interface Since {
  /** Epoch ms before which nothing counts. */
  readonly since?: number
  /** Ms. */
  readonly deadline?: number
}

/** Waits until the connection shows this state; returns the first such moment, from `since` on. */
export const untilState = (
  actor: Actor,
  remoteId: string,
  state: Moment['state'],
  { since = 0, deadline }: Since = {},
): Promise<Moment> => {
  const look = async () =>
    (await actor.call('history', remoteId)).find((moment) => moment.state === state && moment.at >= since)
  return until(`${actor.id} shows "${state}" for ${remoteId}`, look, deadline)
}

/** The same for the peer itself. */
export const untilPeerState = (
  actor: Actor,
  state: Moment['state'],
  { since = 0, deadline }: Since = {},
): Promise<Moment> => {
  const look = async () =>
    (await actor.call('peerHistory')).find((moment) => moment.state === state && moment.at >= since)
  return until(`${actor.id} itself shows "${state}"`, look, deadline)
}

/** `open (0.2 s, link 1) → unstable (3.1 s, link 1)`, the times counted from `since`. */
export const tell = (history: readonly Moment[], since = history[0]?.at ?? 0): string =>
  history
    .filter(({ at }) => at >= since)
    // Only when the next dial is due has changed.
    .filter(({ state, link }, index, all) => state !== all[index - 1]?.state || link !== all[index - 1]?.link)
    .map(({ state, at, error, link }) => {
      const about = [`${((at - since) / 1000).toFixed(1)} s`, link && `link ${link}`, error?.code]
      return `${state} (${about.filter(Boolean).join(', ')})`
    })
    .join(' → ')

/** Bytes per second, for people. */
export const rate = (size: number, took: number): string =>
  `${size / 1024 / 1024} MiB in ${(took / 1000).toFixed(1)} s`
