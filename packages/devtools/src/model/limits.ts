import type { LimitName, Limits } from '@nanopeer/core'
import type { PeerRecord } from '../record/peer'
import type { RequestRecord } from '../record/request'

/** One limit of a peer, and how close it is. */
export interface LimitUse {
  readonly name: LimitName
  /** Null for what nobody sets. */
  readonly limit: number | null
  /** What is used now, by the one that uses most where it counts for each; null where only its own side can see. */
  readonly used: number | null
  readonly unit: 'bytes' | 'count'
  /** How often a remote has reached it. */
  readonly hits: number
}

const inBytes: readonly LimitName[] = [
  'messageSize',
  'unacknowledged',
  'streamWindow',
  'pendingInput',
  'unreadMessages',
]

/** How close each limit of a peer is, as far as can be seen from outside; those that were reached first. */
export const limitUses = (
  { inspection, connections, limitHits, id }: PeerRecord,
  running: Iterable<RequestRecord>,
  now: number,
): LimitUse[] => {
  const own = [...running].filter(({ peerId, end }) => peerId === id && !end)
  const handlers = own.filter(({ isRunning }) => isRunning)
  const records = [...connections.values()]
  const most = (counts: Iterable<number>) => Math.max(0, ...counts)
  const used: Partial<Record<LimitName, number>> = {
    runningHandlers: handlers.length,
    pendingRequests: most(countByRemote(handlers)),
    openStreams: most(countByRemote(own)),
    sessions: records.filter(({ session }) => session !== null).length,
    dialsPerMinute: most(records.map((record) => record.dialsInTheLastMinute(now))),
  }
  const names = [...new Set([...(Object.keys(inspection.limits) as (keyof Limits)[]), ...limitHits.keys()])]
  const uses = names.map((name) => ({
    name,
    limit: (inspection.limits as Partial<Record<LimitName, number>>)[name] ?? null,
    used: used[name] ?? null,
    unit: inBytes.includes(name) ? ('bytes' as const) : ('count' as const),
    hits: limitHits.get(name) ?? 0,
  }))
  return uses.sort((a, b) => closeness(b) - closeness(a))
}

const closeness = ({ used, limit, hits }: LimitUse): number => hits + (used ?? 0) / (limit ?? 1)

const countByRemote = (requests: readonly RequestRecord[]): Iterable<number> => {
  const counts = new Map<string, number>()
  for (const { remoteId } of requests) counts.set(remoteId, (counts.get(remoteId) ?? 0) + 1)
  return counts.values()
}
