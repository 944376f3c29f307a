import type { Actor } from '../actors/actor'
import { deviceId } from '../lab'
import { until } from '../wait'

/** Waits until the connection's figures say how it travels, and how long that takes (ms). */
export const untilRoute = (
  actor: Actor,
  remoteId = deviceId,
): Promise<{ route: 'direct' | 'relay'; rtt: number }> =>
  until(`a route from ${actor.id} to ${remoteId}`, async () => {
    const { route, rtt } = await actor.call('stats', remoteId)
    return route !== null && rtt !== null && { route, rtt }
  })
