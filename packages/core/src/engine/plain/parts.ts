import type { Clock } from '../../base/clock'
import { inTaskOfItsOwn } from '../../base/own-task'
import { joined } from '../joined'
import type { Source } from '../rpc/byte-source'
import { Reads } from '../rpc/reads'
import type { Held } from '../session/held-bytes'

/**
 * How much of a series goes into one part on an unordered channel, bytes. The pieces of one part cannot be confused,
 * the parts of a series can: the fewer there are, the fewer pauses between them.
 */
const unorderedPart = 4 * 1024 * 1024
/** What all series of a conversation may hold together, before one of them reads on. */
const maxHeld = 16 * 1024 * 1024
/** The largest part on an ordered channel, bytes. There each chunk of the source is a part, sent as it comes. */
const orderedPart = 256 * 1024

/** What the series of one conversation have read and not written yet: it is for all of them together. */
export class SeriesBudget {
  readonly reads: Reads
  private bytes = 0
  private readonly looks: (() => void)[] = []

  /** @param held where it counts among what is kept for the remotes of all connections */
  constructor(
    private readonly clock: Clock,
    private readonly held: Pick<Held, 'isFull' | 'hold'>,
  ) {
    this.reads = new Reads(clock, this)
  }

  /** Where nothing is held there is room for one read: nobody would tell later that there is. */
  get isFull(): boolean {
    return this.bytes >= maxHeld || (this.bytes > 0 && this.held.isFull)
  }

  whenReleased(look: () => void): void {
    this.looks.push(look)
  }

  take(bytes: number): void {
    this.bytes += bytes
    this.held.hold(bytes)
  }

  give(bytes: number): void {
    this.bytes -= bytes
    this.held.hold(-bytes)
    for (const look of this.looks.splice(0)) void inTaskOfItsOwn(this.clock).then(look)
  }
}

/** Cuts a source of bytes into the parts of a series. */
export class Parts {
  /** What was too much for the part before. */
  private rest: Uint8Array | null = null
  /** What this series has of the budget. */
  private held = 0

  constructor(
    private readonly source: Source,
    private readonly ordered: boolean,
    private readonly budget: SeriesBudget,
  ) {}

  /** The next part; null at the end. Rejects as the source does. */
  async next(): Promise<Uint8Array | null> {
    this.release()
    const limit = this.ordered ? orderedPart : unorderedPart
    const chunks: Uint8Array[] = []
    let size = 0
    do {
      const chunk = this.rest ?? (await this.read())
      this.rest = null
      if (chunk === null) break
      const taken = chunk.subarray(0, limit - size)
      if (taken.length < chunk.length) this.rest = chunk.subarray(taken.length)
      chunks.push(taken)
      size += taken.length
    } while (!this.ordered && size < limit && !this.budget.isFull)
    return chunks.length < 2 ? (chunks[0] ?? null) : joined(chunks)
  }

  /** The part was written, or never will be. */
  release(): void {
    const written = this.held - (this.rest?.length ?? 0)
    this.held -= written
    this.budget.give(written)
  }

  /** Nothing more of it is wanted. */
  end(): void {
    this.rest = null
    this.release()
  }

  /** In its turn, once there is room. */
  private read(): Promise<Uint8Array | null> {
    const { reads } = this.budget
    return new Promise((resolve, reject) => {
      reads.enter(() =>
        this.source
          .next()
          .then((chunk) => {
            this.held += chunk?.length ?? 0
            this.budget.take(chunk?.length ?? 0)
            resolve(chunk)
          }, reject)
          .finally(() => reads.answered()),
      )
    })
  }
}
