import type { Clock } from '../../base/clock'
import type { Link } from '../../base/transport'
import type { ConnectionStats, MediaStats } from '../../base/types'

/** How often the figures are brought up to date while somebody looks, ms. */
const interval = 1000

/** What the figures are taken from. */
export interface Figures {
  readonly link: Pick<Link, 'stats'> | null
  /** Links that the connection has gone through. */
  readonly links: number
  /** Ms; null until measured. */
  readonly roundTrip: number | null
  readonly sent: number
  readonly received: number
  /** Reads the figures of audio and video; null where there are none. */
  mediaStats(): Promise<MediaStats | null>
}

/**
 * Figures of a connection, brought up to date once a second while somebody looks, and with every link. While nobody does,
 * nothing is measured: WebRTC gathers its statistics on the thread that a link's first messages wait for.
 */
export class Stats {
  private told: ConnectionStats | null = null
  private route: ConnectionStats['route'] = null
  private media: MediaStats | null = null
  private tell: ((stats: ConnectionStats) => void) | null = null
  private stopTimer: (() => void) | null = null

  /** @param ping measures the round trip anew */
  constructor(
    private readonly clock: Clock,
    private readonly read: () => Figures,
    private readonly ping: () => void,
  ) {}

  /** Somebody looks: `tell` is called now and whenever a figure has changed. Returns its undo. */
  watch(tell: (stats: ConnectionStats) => void): () => void {
    this.tell = tell
    this.told = null
    this.update()
    if (this.route === null) void this.measureRoute()
    const tick = (): void => {
      this.ping()
      if (this.route === null) void this.measureRoute()
      else this.update()
      void this.measureMedia()
      // Whoever was told may have stopped looking.
      if (this.tell === tell) this.stopTimer = this.clock.after(interval, tick)
    }
    this.stopTimer = this.clock.after(interval, tick)
    return () => {
      this.tell = null
      this.stopTimer?.()
    }
  }

  /** The link changed: so did its route. */
  linkChanged(): void {
    this.route = null
    if (this.tell) void this.measureRoute()
  }

  private async measureRoute(): Promise<void> {
    const { link } = this.read()
    if (link) {
      const stats = await link.stats().catch(() => null) // A link that closed meanwhile has no route.
      if (this.read().link === link) this.route = stats?.route ?? null
    }
    this.update()
  }

  private async measureMedia(): Promise<void> {
    const before = this.media
    this.media = await this.read()
      .mediaStats()
      .catch(() => null) // A connection that is closed meanwhile has none.
    if (this.media !== before) this.update()
  }

  private update(): void {
    if (!this.tell) return
    const { roundTrip, sent, received, links, link } = this.read()
    const next = { rtt: link ? roundTrip : null, route: this.route, sent, received, links, media: this.media }
    const before: ConnectionStats | null = this.told
    if (before && (Object.keys(next) as (keyof ConnectionStats)[]).every((key) => before[key] === next[key]))
      return
    this.told = next
    this.tell(next)
  }
}
