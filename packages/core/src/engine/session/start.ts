import type { Frame } from '../wire/frame'

/** How a link starts, as its handshake found out. */
export interface Start {
  /** Counted frames the other side had when it said READY. */
  readonly received: number
  /** Our first frames went over this link already, behind our READY. */
  readonly begun: boolean
  /** The number that the link's HELLO carried. */
  readonly number: number
  /** Requests of ours that the other side takes at once; null where it does not say. */
  readonly requests: number | null
  /** Frames that came behind the handshake and are still unread. */
  readonly rest: readonly Frame[]
}
