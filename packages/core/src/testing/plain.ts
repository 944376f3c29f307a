import type { Clock } from '../clock'
import type { LinkStats, PlainChannel } from '../transport'
import type { PathQuality } from './pipe'

interface Reader {
  value(value: unknown): void
  closed(): void
}

/** One end of a channel to a peer that is not nanopeer: values travel as copies, undefined as null. */
export class TestPlainChannel implements PlainChannel {
  readonly bufferedAmount = 0
  other!: TestPlainChannel
  private reader: Reader | null = null
  private unread: unknown[] = []
  private open = true
  private stalled: (() => void)[] | null = null

  constructor(
    private readonly clock: Clock,
    private readonly path: PathQuality,
    readonly remoteId: string,
    readonly metadata: unknown,
    private readonly gone: () => void,
  ) {}

  get isClosed(): boolean {
    return !this.open
  }

  listen(events: Reader): () => void {
    this.reader = events
    for (const value of this.unread.splice(0)) events.value(value)
    if (!this.open) events.closed()
    return () => {
      if (this.reader === events) this.reader = null
    }
  }

  send(value: unknown): void {
    // PeerJS's BinaryPack has no undefined.
    const copy: unknown = structuredClone(value === undefined ? null : value)
    this.travel(() => this.other.receive(copy))
  }

  async close(): Promise<void> {
    if (!this.open) return
    this.travel(() => this.other.die())
    this.die()
  }

  async stats(): Promise<LinkStats> {
    return { route: 'direct', rtt: 2 * this.path.delay, packetsSeen: null }
  }

  stall(): void {
    this.stalled ??= []
  }

  resume(): void {
    const held = this.stalled ?? []
    this.stalled = null
    for (const deliver of held) this.travel(deliver)
  }

  retime(change: () => void): void {
    change()
  }

  break(): void {
    this.die()
    this.other.die()
  }

  die(): void {
    if (!this.open) return
    this.open = false
    this.clock.after(0, () => this.reader?.closed())
    this.gone()
  }

  private travel(deliver: () => void): void {
    if (!this.open) return
    if (this.stalled) this.stalled.push(deliver)
    else this.clock.after(this.path.delay, deliver)
  }

  private receive(value: unknown): void {
    if (!this.open) return
    if (this.reader) this.reader.value(value)
    else this.unread.push(value)
  }
}
