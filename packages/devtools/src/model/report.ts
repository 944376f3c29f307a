import type { ConnectionRecord } from '../record/connection'
import type { PeerRecord } from '../record/peer'
import type { Recorder } from '../record/recorder'
import { describeEntries } from './describe'
import { count, formatBytes, formatDuration, formatTime } from './format'
import { splitOf, stateOf } from './split'

const mostEvents = 40

/** A connection as text, to be pasted into a report: no input, no answer and no secret is in it. */
export const reportOn = (
  { recorder, peer, record }: { recorder: Recorder; peer: PeerRecord; record: ConnectionRecord },
  now: number,
): string => {
  const { status, stats, session, lastError, remoteId } = record
  const own = (one: { readonly peerId: string; readonly remoteId: string | null }) =>
    one.peerId === peer.id && one.remoteId === remoteId
  const requests = [...recorder.requests.running()].filter(own)
  const events = describeEntries(recorder.entries, own, mostEvents).toReversed()
  const rtt = stats.rtt === null ? 'unknown' : formatDuration(stats.rtt)
  const lines = [
    `nanopeer: ${peer.id} → ${remoteId}, ${new Date(now).toISOString()}`,
    `status: ${status.state}${status.error ? ` (${status.error.code})` : ''}; signalling: ${peer.status.state}`,
    `route: ${stats.route ?? 'none'}; round trip: ${rtt}; ${count(stats.links, 'link')}`,
    `sent: ${formatBytes(stats.sent)}; received: ${formatBytes(stats.received)}`,
    session
      ? `session: since ${formatTime(session.since)}, resumed ${count(session.resumed, 'time')}`
      : 'session: none',
  ]
  if (lastError) {
    const stage = lastError.stage ? `, stage ${lastError.stage}` : ''
    lines.push(`last error: ${lastError.code}${stage}: ${lastError.message}`)
    if (lastError.explain) lines.push(`  ${lastError.explain}`)
  }
  if (requests.length > 0) lines.push('', 'in flight:')
  for (const request of requests) {
    const total = formatDuration(splitOf(request, now).total)
    lines.push(`  ${request.direction} ${request.action}: ${stateOf(request)}, ${total}`)
  }
  if (events.length > 0) lines.push('', 'events:')
  for (const { entry, text } of events) lines.push(`  ${formatTime(entry.at)} ${text}`)
  return lines.join('\n')
}
