import type { MediaFlow, MediaStats } from '../../base/types'

/** The fields of a stats report that are read here. Source: https://www.w3.org/TR/webrtc-stats/ */
interface Entry {
  readonly id: string
  readonly type: string
  readonly kind?: string
  readonly timestamp: number
  readonly bytesReceived?: number
  readonly bytesSent?: number
  readonly framesPerSecond?: number
  readonly frameWidth?: number
  readonly frameHeight?: number
  readonly packetsLost?: number
}

type Direction = 'inbound-rtp' | 'outbound-rtp'

/** What a connection's stats report says of its audio and video, and by how much it has grown since the last one. */
export class MediaFigures {
  private before: ReadonlyMap<string, Entry> = new Map()

  read(report: RTCStatsReport): MediaStats | null {
    const entries = new Map([...(report as unknown as ReadonlyMap<string, Entry>)])
    const received = this.flow(entries, 'inbound-rtp')
    const sent = this.flow(entries, 'outbound-rtp')
    this.before = entries
    return received || sent ? { received, sent } : null
  }

  private flow(entries: ReadonlyMap<string, Entry>, direction: Direction): MediaFlow | null {
    const moving = [...entries.values()].filter(
      (entry) => entry.type === direction && this.bitrateOf(entry) > 0,
    )
    if (moving.length === 0) return null
    const lost = direction === 'inbound-rtp' ? moving : [...entries.values()].filter(isReported)
    const sum = (of: readonly Entry[], figure: (entry: Entry) => number) =>
      of.reduce((total, entry) => total + figure(entry), 0)
    const area = ({ frameWidth = 0, frameHeight = 0 }: Entry) => frameWidth * frameHeight
    const largest = moving.reduce((most, entry) => (area(entry) > area(most) ? entry : most))
    return {
      bitrate: Math.round(sum(moving, (entry) => this.bitrateOf(entry))),
      framesPerSecond: Math.round(sum(moving, ({ framesPerSecond = 0 }) => framesPerSecond)),
      width: largest.frameWidth ?? null,
      height: largest.frameHeight ?? null,
      packetsLost: sum(lost, ({ packetsLost = 0 }) => packetsLost),
    }
  }

  private bitrateOf(entry: Entry): number {
    const before = this.before.get(entry.id)
    const seconds = (entry.timestamp - (before?.timestamp ?? 0)) / 1000
    return before && seconds > 0 ? ((bytesOf(entry) - bytesOf(before)) * 8) / seconds : 0
  }
}

const isReported = ({ type }: Entry) => type === 'remote-inbound-rtp'

const bytesOf = ({ bytesReceived, bytesSent }: Entry) => bytesReceived ?? bytesSent ?? 0
