import type { Clock } from '../../base/clock'
import type { LinkStats } from '../../base/transport'

/** How often the path is looked at, ms. */
const interval = 5000
/** Looks without a packet after which the link is called unstable: live paths carry STUN checks every 5 s. */
const unstableAfter = 3
/**
 * Looks without a packet after which it is given up: 40 s. SCTP alone, where STUN is not counted, sends a heartbeat
 * every 30 s. Source: https://www.rfc-editor.org/rfc/rfc9260#section-16
 */
const deadAfter = 8

export interface PathEvents {
  stats(): Promise<LinkStats>
  silent(): void
  heard(): void
  dead(): void
}

/** Watches a path by the packets that arrive on it: a remote that is not nanopeer answers no ping. Returns its undo. */
export const watchPath = (clock: Clock, events: PathEvents): (() => void) => {
  let seen: number | null = null
  let silentLooks = 0
  let stopped = false
  let stopTimer = clock.after(interval, look)

  function look(): void {
    stopTimer = clock.after(interval, look)
    events.stats().then(
      ({ packetsSeen }) => judge(packetsSeen),
      () => {}, // A link that closes meanwhile says so itself.
    )
  }

  function judge(packets: number | null): void {
    if (stopped) return
    const isAlive = packets === null || seen === null || packets > seen
    seen = packets
    if (isAlive && silentLooks >= unstableAfter) events.heard()
    silentLooks = isAlive ? 0 : silentLooks + 1
    if (silentLooks === unstableAfter) events.silent()
    if (silentLooks === deadAfter) events.dead()
  }

  return () => {
    stopped = true
    stopTimer()
  }
}
