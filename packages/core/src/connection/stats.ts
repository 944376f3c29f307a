import type { ReadableAtom, WritableAtom } from 'nanostores'
import type { Clock } from '../clock'
import type { Figures } from '../engine'
import { observedAtom, publish } from '../store'
import type { ConnectionStats } from '../types'

/** How often the figures are brought up to date while somebody looks, ms. */
const interval = 1000

const noStats: ConnectionStats = { rtt: null, route: null, sent: 0, received: 0, links: 0 }

/** Figures of a connection, brought up to date once a second while somebody looks, and with every link. */
export class Stats {
  readonly $stats: ReadableAtom<ConnectionStats>
  private readonly $writable: WritableAtom<ConnectionStats>
  private route: ConnectionStats['route'] = null
  private observed = false
  private ended = false
  private stopTimer: (() => void) | null = null

  /**
   * @param ping measures the round trip anew
   * @param hold observing the figures holds the connection, as observing its status does
   */
  constructor(
    private readonly clock: Clock,
    private readonly read: () => Figures,
    private readonly ping: () => void,
    hold: () => () => void,
  ) {
    this.$stats = this.$writable = observedAtom(noStats, () => {
      const release = hold()
      const stop = this.keepFresh()
      return () => {
        stop()
        release()
      }
    })
  }

  private keepFresh(): () => void {
    this.observed = true
    this.publish()
    const tick = (): void => {
      this.ping()
      if (this.route === null) void this.linkChanged()
      else this.publish()
      this.stopTimer = this.clock.after(interval, tick)
    }
    if (!this.ended) this.stopTimer = this.clock.after(interval, tick)
    return () => {
      this.observed = false
      this.stopTimer?.()
    }
  }

  /** The figures stay as they are: the connection is gone for good. */
  dispose(): void {
    this.ended = true
    this.stopTimer?.()
  }

  /** The link changed: so did its route. */
  async linkChanged(): Promise<void> {
    const { link } = this.read()
    this.route = null
    if (link) {
      const stats = await link.stats().catch(() => null) // A link that closed meanwhile has no route.
      if (this.read().link === link) this.route = stats?.route ?? null
    }
    if (this.observed) this.publish()
  }

  private publish(): void {
    const { roundTrip, sent, received, links, link } = this.read()
    const next = { rtt: link ? roundTrip : null, route: this.route, sent, received, links }
    const before = this.$writable.value ?? noStats
    const isSame = (Object.keys(next) as (keyof ConnectionStats)[]).every((key) => before[key] === next[key])
    if (!isSame) publish(this.$writable, next)
  }
}
