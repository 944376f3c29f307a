import type { Source } from '../rpc/byte-source'
import { joined } from './joined'

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
  private bytes = 0
  private readonly waiting: (() => void)[] = []

  get isFull(): boolean {
    return this.bytes >= maxHeld
  }

  /** Resolves when this series may read on; they take turns. */
  async room(): Promise<void> {
    while (this.isFull) await new Promise<void>((resolve) => this.waiting.push(resolve))
  }

  take(bytes: number): void {
    this.bytes += bytes
  }

  give(bytes: number): void {
    this.bytes -= bytes
    this.waiting.shift()?.()
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
    await this.budget.room()
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
    return chunks.length === 0 ? null : joined(chunks, size)
  }

  /** The part was written, or never will be. */
  release(): void {
    const written = this.held - (this.rest?.length ?? 0)
    this.held -= written
    this.budget.give(written)
  }

  private async read(): Promise<Uint8Array | null> {
    const chunk = await this.source.next()
    this.held += chunk?.length ?? 0
    this.budget.take(chunk?.length ?? 0)
    return chunk
  }
}
