import type { Clock } from '../src/base/clock'
import type { Link, LinkEvents, LinkStats, TrackConnection } from '../src/base/transport'
import { messageOverhead } from '../src/engine/wire/limits'
import { type PathQuality, Pipe } from './pipe'
import { TestTrackConnection } from './track-connection'

/** What both ends of a link have in common. */
export interface LinkSettings {
  readonly clock: Clock
  readonly path: PathQuality
  readonly maxMessageSize: number | null
  readonly route: 'direct' | 'relay'
}

/** One end of a link in memory. Behaves like an ordered, reliable data channel. */
export class TestLink implements Link {
  /** The other end. */
  other!: TestLink
  /** What it may hold while nobody listens, in bytes of memory: the contract of `Link.listen`. */
  maxUnread = 64 * 1024
  readonly tracks: TestTrackConnection
  private readonly pipe: Pipe
  private reader: LinkEvents | null = null
  private unread: Uint8Array[] = []
  private unreadBytes = 0
  private state: 'open' | 'closing' | 'closed' = 'open'
  private closedByRemote = false
  private readonly whenClosed: (() => void)[] = []
  private arrived = 0
  /** When packets last could arrive: STUN checks come even while no data does. */
  private reachableSince: number | null
  private reachableTime = 0

  constructor(
    private readonly settings: LinkSettings,
    readonly remoteId: string,
    readonly metadata: unknown,
    private readonly certificates: { local: Uint8Array; remote: Uint8Array },
    private readonly gone: () => void,
  ) {
    this.pipe = new Pipe(settings.clock, settings.path, () => this.reader?.drained())
    this.reachableSince = settings.clock.now()
    this.tracks = new TestTrackConnection({
      local: hexOf(certificates.local),
      remote: hexOf(certificates.remote),
    })
  }

  get trackConnection(): TrackConnection {
    return this.tracks.asTrackConnection
  }

  get maxMessageSize(): number | null {
    return this.settings.maxMessageSize
  }

  get bufferedAmount(): number {
    return this.pipe.buffered
  }

  get lowWater(): number {
    return this.pipe.lowWater
  }

  set lowWater(bytes: number) {
    this.pipe.lowWater = bytes
  }

  get isClosed(): boolean {
    return this.state === 'closed'
  }

  listen(events: LinkEvents): () => void {
    this.reader = events
    while (this.reader === events && this.unread.length > 0) {
      const message = this.unread.shift() as Uint8Array
      this.unreadBytes -= message.length + messageOverhead
      events.message(message)
    }
    if (this.reader === events && this.state === 'closed') this.tellClosed()
    return () => {
      if (this.reader === events) this.reader = null
    }
  }

  send(message: Uint8Array<ArrayBuffer>): void {
    if (this.state !== 'open') return
    if (message.length > (this.maxMessageSize ?? Number.POSITIVE_INFINITY)) {
      this.break()
      return
    }
    // A copy, as over a network: a sender that reuses its buffer, or a reader that writes into it, shows.
    const copy = message.slice()
    this.pipe.send(copy.length, () => this.other.receive(copy))
  }

  close(drainTimeout = 2000): Promise<void> {
    if (this.state === 'closed') return Promise.resolve()
    return new Promise((resolve) => {
      this.whenClosed.push(resolve)
      if (this.state === 'closing') return
      this.state = 'closing'
      this.leaveBy(this.settings.clock.now() + drainTimeout)
    })
  }

  async stats(): Promise<LinkStats> {
    const now = this.settings.clock.now()
    const reachable = this.reachableTime + (this.reachableSince === null ? 0 : now - this.reachableSince)
    return {
      route: this.settings.route,
      rtt: 2 * this.settings.path.delay,
      packetsSeen: this.arrived + Math.floor(reachable / 1000),
    }
  }

  async fingerprints(): Promise<{ local: Uint8Array; remote: Uint8Array }> {
    return this.certificates
  }

  /** Nothing of ours gets through until {@link resume}. */
  stall(): void {
    this.pipe.stall()
    if (this.reachableSince !== null) this.reachableTime += this.settings.clock.now() - this.reachableSince
    this.reachableSince = null
  }

  resume(): void {
    this.pipe.resume()
    this.reachableSince ??= this.settings.clock.now()
  }

  retime(change: () => void): void {
    this.pipe.retime(change)
  }

  /** Both ends die, and see it. */
  break(): void {
    this.die()
    this.other.die()
  }

  /** This end dies, and sees it; the other is told nothing. */
  die(byRemote = false): void {
    if (this.state === 'closed') return
    this.state = 'closed'
    this.closedByRemote = byRemote
    this.pipe.clear()
    this.settings.clock.after(0, () => this.tellClosed())
    for (const resolve of this.whenClosed.splice(0)) resolve()
    this.tracks.close()
    this.gone()
  }

  private receive(message: Uint8Array): void {
    if (this.state === 'closed') return
    this.arrived++
    if (this.reader) {
      this.reader.message(message)
      return
    }
    this.unread.push(message)
    this.unreadBytes += message.length + messageOverhead
    if (this.unreadBytes > this.maxUnread) this.break()
  }

  /** The goodbye travels behind what is buffered; the other end closes when it arrives. */
  private leaveBy(deadline: number): void {
    const { clock, path } = this.settings
    if (this.state !== 'closing') return
    const left = deadline - clock.now()
    if (this.pipe.buffered > 0 && left > 0) {
      const drainsIn = Math.max(1, this.pipe.buffered / path.rate)
      clock.after(Math.min(left, drainsIn), () => this.leaveBy(deadline))
      return
    }
    this.state = 'closed'
    if (this.pipe.isStalled) this.pipe.clear()
    else {
      this.pipe.dropUnsent()
      this.pipe.send(0, () => this.other.die(true))
    }
    this.tellClosed()
    for (const resolve of this.whenClosed.splice(0)) resolve()
    this.tracks.close()
    this.gone()
  }

  private tellClosed(): void {
    const { reader } = this
    this.reader = null
    reader?.closed(this.closedByRemote)
  }
}

const hexOf = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':')
