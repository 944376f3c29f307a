import { AssertionError } from 'node:assert'
import type { Actor } from './actors/actor'
import type { Moment } from './actors/record'
import { until } from './wait'

/** @throws `message` where it is not so. */
export function check(holds: boolean, message: string): asserts holds {
  if (!holds) throw new AssertionError({ message })
}

/** Waits until the connection shows this state, at or after the given epoch ms; returns that moment. */
export const untilState = (
  actor: Actor,
  remoteId: string,
  state: Moment['state'],
  { since = 0, deadline = 60_000 } = {},
): Promise<Moment> =>
  until(
    `${actor.id} shows ${state} for ${remoteId}`,
    async () => {
      const history = await actor.call('history', remoteId)
      const current = history.at(-1)
      if (current?.state === state && since === 0) return current
      return history.find((moment) => moment.state === state && moment.at >= since)
    },
    deadline,
  )

/** `open → unstable (3.1 s) → open (6.0 s)`, the times counted from `since`. */
export const tell = (history: readonly Moment[], since = history[0]?.at ?? 0): string =>
  history
    .map(({ state, at, error, link }) => {
      const about = [`${((at - since) / 1000).toFixed(1)} s`, link && `link ${link}`, error?.code]
      return `${state} (${about.filter(Boolean).join(', ')})`
    })
    .join(' → ')
