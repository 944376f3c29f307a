import type { Actor } from '../actors/actor'
import { until } from '../wait'

/** Waits until this actor has a request that it never answers. */
export const untilHangs = (actor: Actor): Promise<unknown> =>
  until(`a request hangs at ${actor.id}`, async () => (await actor.call('handled')).runs['lab.hang'])
