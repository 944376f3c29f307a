import { type LinkHistory, linkHistoryOf, packRequests, type Rows } from '../model/timeline'
import type { Entry } from '../record/entry'
import type { Recorder } from '../record/recorder'
import type { RequestRecord } from '../record/request'

/** One connection in the picture. */
export interface Lane {
  readonly peerId: string
  readonly remoteId: string
  readonly history: LinkHistory
  readonly requests: Rows
}

/** The part of time that is shown, and how large. */
export interface Extent {
  /** Epoch ms. */
  readonly from: number
  readonly to: number
  readonly now: number
  /** Pixels. */
  readonly width: number
}

const mostRows = 6
/** Pixels between two requests in one row. */
const gap = 6

/** The connections with anything to show in this part of time, in the order of the tree. */
export const lanesOf = (recorder: Recorder, { from, to, now, width }: Extent): Lane[] => {
  const entries = groupBy(recorder.entries)
  const isShown = ({ startedAt, end }: RequestRecord) => startedAt <= to && (end?.at ?? now) >= from
  const requests = groupBy(recorder.requests.all().filter(isShown))
  const gapTime = (gap * (to - from)) / Math.max(1, width)
  const lanes: Lane[] = []
  for (const { id, connections } of recorder.peers.values()) {
    for (const remoteId of connections.keys()) {
      const key = keyOf(id, remoteId)
      const history = linkHistoryOf(entries.get(key) ?? [])
      const own = packRequests(requests.get(key) ?? [], gapTime, mostRows)
      const isAny =
        own.rows.length > 0 ||
        history.spans.some((span) => span.from <= to && (span.to ?? now) >= from) ||
        history.marks.some(({ at }) => at >= from && at <= to)
      if (isAny) lanes.push({ peerId: id, remoteId, history, requests: own })
    }
  }
  return lanes
}

const keyOf = (peerId: string, remoteId: string | null): string => JSON.stringify([peerId, remoteId])

const groupBy = <Item extends Pick<Entry, 'peerId' | 'remoteId'>>(items: Iterable<Item>) => {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const key = keyOf(item.peerId, item.remoteId)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}
