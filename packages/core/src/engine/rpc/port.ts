import type { Clock } from '../../base/clock'
import type { Limits } from '../../base/types'
import { joined } from '../joined'
import type { Held } from '../session/held-bytes'
import type { FrameSource, OutgoingFrame } from '../session/outbox'
import type { Frame, FrameType } from '../wire/frame'
import type { Reads } from './reads'
import type { ReceiveBudget } from './window'

/** What requests and streams need of the session under them. */
export interface Port {
  readonly clock: Clock
  readonly limits: Limits
  /** Shared by all connections of the peer. */
  readonly budget: ReceiveBudget
  /** What is kept for the remotes of all connections of the peer. */
  readonly held: Held
  /** What has come from them and waits: requests and their inputs, parts of them, uploads that no handler has read. */
  readonly arrived: Held
  /** The reads of all sources of the session. */
  readonly reads: Reads
  push(frame: OutgoingFrame): void
  offer(source: FrameSource): void
  withdraw(stream: number): void
  /** The window that our streams begin with; 0 until the remote has said so. */
  readonly remoteWindow: number
  /** Smallest round trip seen lately, ms. */
  readonly roundTrip: number | null
  readonly isAttached: boolean
}

/** Larger values go in fragments and take turns with the streams; smaller ones overtake them. */
const smallValue = 8 * 1024

/**
 * Sends an encoded value as one frame, or in fragments when it is large.
 *
 * @param head what goes before it
 */
export const sendValue = (
  port: Port,
  type: FrameType,
  stream: number,
  payload: Uint8Array,
  written?: () => void,
  head?: Uint8Array,
): void => {
  if ((head?.length ?? 0) + payload.length <= smallValue) {
    port.push({ type, stream, head, payload, written })
    return
  }
  const whole = head ? joined([head, payload]) : payload
  let offset = 0
  port.offer({
    stream,
    next(limit) {
      if (offset > 0 && offset === whole.length) return null
      const part = whole.subarray(offset, offset + limit)
      offset += part.length
      const more = offset < whole.length
      return { type, stream, payload: part, more, written: more ? undefined : written }
    },
  })
}

/** Sends an encoded value in pieces that overtake the streams, and keep their order among all that is sent so. */
export const sendParts = (port: Pick<Port, 'push'>, { type, stream, payload }: Omit<Frame, 'more'>): void => {
  for (let offset = 0; offset < payload.length; offset += smallValue) {
    const end = offset + smallValue
    port.push({ type, stream, payload: payload.subarray(offset, end), more: end < payload.length })
  }
}
