import {
  channelDelay,
  initialWindow,
  maxChannelBytes,
  minChannelBytes,
  minUnacknowledged,
  safeMessageSize,
} from '../wire/limits'

/** Shorter samples measure the scheduler, not the path. */
const sampleTime = 20

/**
 * How fast the path is, measured from acknowledgements, and what follows from it: how much the channel may hold,
 * how large a frame may be, how much may be unacknowledged.
 */
export class PathEstimator {
  /** Bytes per ms; null until measured. */
  rate: number | null = null
  /** Smallest round trip seen lately, ms; null until measured. */
  roundTrip: number | null = null
  /** The last round trip, ms, queues included; null until measured. */
  latestRoundTrip: number | null = null
  private since: number | null = null
  private delivered = 0

  /** `freed` bytes were acknowledged at `now`; `busy` when more was waiting all the while. */
  acknowledged(freed: number, now: number, busy: boolean): void {
    if (!busy) {
      // An idle spell says nothing about the path.
      this.since = null
      return
    }
    if (this.since === null) {
      this.since = now
      this.delivered = 0
      return
    }
    this.delivered += freed
    const elapsed = now - this.since
    if (elapsed < sampleTime) return
    const sample = this.delivered / elapsed
    this.rate = this.rate === null ? sample : this.rate + (sample - this.rate) * 0.3
    this.since = now
    this.delivered = 0
  }

  /** A ping came back after `elapsed` ms. The smallest counts (queues only add), but old ones fade. */
  measured(elapsed: number): void {
    this.latestRoundTrip = elapsed
    this.roundTrip = this.roundTrip === null ? elapsed : Math.min(elapsed, this.roundTrip * 1.1 + 0.1)
  }

  /** Bytes the channel may hold. */
  get channelBytes(): number {
    if (this.rate === null) return maxChannelBytes / 2
    return Math.min(maxChannelBytes, Math.max(minChannelBytes, this.rate * channelDelay))
  }

  /** The largest payload of a stream's frame: a quarter of what the channel may hold, so that turns are short. */
  bulkFrame(limit: number): number {
    return Math.min(limit, Math.max(safeMessageSize, Math.floor(this.channelBytes / 4)))
  }

  /** Bytes that may be unacknowledged: four times what the path holds, so that only a silent path is felt. */
  unacknowledgedBytes(limit: number): number {
    const inFlight = (this.rate ?? 0) * ((this.roundTrip ?? 0) + channelDelay)
    return Math.min(limit, Math.max(minUnacknowledged, 4 * inFlight, 2 * initialWindow))
  }
}
