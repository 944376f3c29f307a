import type { LinkStats } from '../../base/transport'

/** The fields of a stats report that are read here; implementations differ in which they have. */
interface Entry {
  readonly id: string
  readonly type: string
  readonly nominated?: boolean
  readonly selected?: boolean
  readonly state?: string
  readonly selectedCandidatePairId?: string
  readonly localCandidateId?: string
  readonly remoteCandidateId?: string
  readonly candidateType?: string
  readonly currentRoundTripTime?: number
  readonly packetsReceived?: number
  readonly bytesReceived?: number
  readonly responsesReceived?: number
  readonly requestsReceived?: number
}

const nothing: LinkStats = { route: null, rtt: null, packetsSeen: null }

/** Reads how a link travels; null in means that it is closed. */
export const linkStats = async (peerConnection: RTCPeerConnection | null): Promise<LinkStats> => {
  if (!peerConnection) return nothing
  const report = (await peerConnection.getStats()) as unknown as ReadonlyMap<string, Entry>
  const entries = [...report.values()]
  const transport = entries.find((entry) => entry.type === 'transport')
  const pair =
    report.get(transport?.selectedCandidatePairId ?? '') ??
    entries.find(
      (entry) =>
        entry.type === 'candidate-pair' && entry.state === 'succeeded' && (entry.selected ?? entry.nominated),
    )
  if (!pair) return nothing
  const relayed = [pair.localCandidateId, pair.remoteCandidateId].some(
    (id) => report.get(id ?? '')?.candidateType === 'relay',
  )
  const rtt = pair.currentRoundTripTime
  // Only whether it grows is of interest, so different counters may be added up.
  const seen = [
    transport?.packetsReceived ?? transport?.bytesReceived ?? pair.packetsReceived ?? pair.bytesReceived,
    pair.responsesReceived,
    pair.requestsReceived,
  ].filter((count) => count !== undefined)
  return {
    route: relayed ? 'relay' : 'direct',
    rtt: rtt === undefined || rtt < 0 ? null : rtt * 1000,
    packetsSeen: seen.length > 0 ? seen.reduce((sum, count) => sum + count, 0) : null,
  }
}
