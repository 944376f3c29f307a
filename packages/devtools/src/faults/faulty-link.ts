import type { Link, LinkEvents, LinkStats } from '@nanopeer/core'
import { DelayLine, type LineQuality } from './delay-line'

/** A link that can be made slow, cut and dropped. With nothing wrong it hands everything straight on. */
export class FaultyLink implements Link {
  private readonly outgoing: DelayLine
  private readonly incoming: DelayLine
  private reader: LinkEvents | null = null
  private waitingBytes = 0
  private isDropped = false
  private statsBefore: LinkStats = { route: null, rtt: null, packetsSeen: null }

  /** @param gone called once, when the link is no more */
  constructor(
    private readonly link: Link,
    private readonly quality: Readonly<LineQuality>,
    private readonly gone: (link: FaultyLink) => void,
  ) {
    this.outgoing = new DelayLine(quality)
    this.incoming = new DelayLine(quality)
  }

  get remoteId(): string {
    return this.link.remoteId
  }

  get metadata(): unknown {
    return this.link.metadata
  }

  get maxMessageSize(): number | null {
    return this.link.maxMessageSize
  }

  get bufferedAmount(): number {
    return this.link.bufferedAmount + this.waitingBytes
  }

  get lowWater(): number {
    return this.link.lowWater
  }

  set lowWater(bytes: number) {
    this.link.lowWater = bytes
  }

  listen(events: LinkEvents): () => void {
    this.reader = events
    const undo = this.link.listen({
      message: (bytes) => this.incoming.push(() => this.reader?.message(bytes)),
      drained: () => {
        if (this.waitingBytes === 0) this.reader?.drained()
      },
      // Told at once, whatever the line is like: what was on its way is lost with it, as on any link that closes.
      closed: (byRemote) => this.end(byRemote),
    })
    return () => {
      if (this.reader === events) this.reader = null
      undo()
    }
  }

  send(message: Uint8Array<ArrayBuffer>): void {
    if (this.isDropped) return
    if (this.outgoing.isEmpty && !this.quality.isCut && this.quality.delay === 0) {
      this.link.send(message)
      return
    }
    // The bytes are the caller's again when this returns.
    const copy = message.slice()
    this.waitingBytes += copy.length
    this.outgoing.push(() => {
      this.waitingBytes -= copy.length
      this.link.send(copy)
      if (this.bufferedAmount <= this.lowWater) this.reader?.drained()
    })
  }

  async close(drainTimeout?: number): Promise<void> {
    // A cut line drains nothing, and a slow one not in time for a goodbye to matter.
    await this.link.close(this.outgoing.isEmpty ? drainTimeout : 0)
    this.end(false)
  }

  async stats(): Promise<LinkStats> {
    if (!this.quality.isCut) this.statsBefore = await this.link.stats()
    const { rtt, ...stats } = this.statsBefore
    return { ...stats, rtt: rtt === null ? null : rtt + 2 * this.quality.delay }
  }

  /** Audio and video go their own way: they are not slowed, and end with the link. */
  get trackConnection(): Link['trackConnection'] {
    return this.link.trackConnection
  }

  fingerprints(): Promise<{ local: Uint8Array; remote: Uint8Array }> {
    return this.link.fingerprints()
  }

  /** The line's quality is another one now. */
  changed(): void {
    this.outgoing.changed()
    this.incoming.changed()
  }

  /** Ends the link as a network does that is gone. */
  drop(): void {
    void this.link.close(0)
    this.end(false)
  }

  private end(byRemote: boolean): void {
    if (this.isDropped) return
    this.isDropped = true
    this.outgoing.drop()
    this.incoming.drop()
    this.waitingBytes = 0
    this.gone(this)
    const { reader } = this
    this.reader = null
    reader?.closed(byRemote)
  }
}
