import type { Clock } from '../../base/clock'

/** How often the silence is judged, ms. */
const tick = 1000
/** A tick that comes later than this was throttled or slept through: the time in between did not run for us. */
const longestTick = 1500
/** Silence after which a ping goes out; another one with every tick. */
const quietAfter = 1000
/** Silence after which the link is called unstable. */
const unstableAfter = 3000
/** Silence after which a link whose packets have stopped is given up. */
const deadAfter = 5000

export interface LinkWatchEvents {
  ping(): void
  /** Grows while packets of any kind arrive, even those our page or theirs is too busy to answer; null: unknown. */
  packetsSeen(): Promise<number | null>
  silent(): void
  /** Something was heard after `silent`. */
  heard(): void
  /** Nothing at all arrives any more: time for another link. May be told again. */
  dead(): void
}

/**
 * Watches one link, because WebRTC alone notices a dead tab after 45–90 s or never. Judged by time that really ran:
 * a throttled tab or a laptop that slept has not been listening, so its silence is no evidence.
 */
export const watchLink = (clock: Clock, events: LinkWatchEvents) => {
  let silence = 0
  let isSilent = false
  let packets: number | null = null
  let last = clock.now()
  let stopped = false
  let stopTimer = clock.after(tick, judge)

  function judge(): void {
    const now = clock.now()
    silence += Math.min(now - last, longestTick)
    last = now
    if (silence >= quietAfter) events.ping()
    if (silence >= unstableAfter && !isSilent) {
      isSilent = true
      void lookForPackets()
      events.silent()
    } else if (silence >= deadAfter) void lookForPackets()
    // Whoever is told may have ended it.
    if (!stopped) stopTimer = clock.after(tick, judge)
  }

  /** Packets that still come mean a page that is only busy: its link is fine. */
  async function lookForPackets(): Promise<void> {
    const before = packets
    packets = await events.packetsSeen().catch(() => null)
    if (stopped || silence < deadAfter) return
    if (packets === null || (before !== null && packets <= before)) events.dead()
  }

  return {
    /** A message arrived. */
    heard(): void {
      silence = 0
      if (!isSilent) return
      isSilent = false
      packets = null
      events.heard()
    },
    /** The page came back: judge soon, instead of after the seconds that silence is usually given. */
    probe(): void {
      silence = Math.max(silence, unstableAfter - tick)
      last = clock.now()
      events.ping()
    },
    stop(): void {
      stopped = true
      stopTimer()
    },
  }
}
