import type { Source } from '../rpc/sender'

/**
 * How much of a series goes into one part on an unordered channel, bytes. The pieces of one part cannot be confused,
 * the parts of a series can: the fewer there are, the fewer pauses between them.
 */
const unorderedPart = 4 * 1024 * 1024
/** All series of a conversation together gather about as much as this, and one chunk each. */
const maxGathered = 16 * 1024 * 1024
/** The largest part on an ordered channel, bytes. There each chunk of the source is a part, sent as it comes. */
const orderedPart = 256 * 1024

/** What the series of one conversation have gathered and not sent yet. */
export interface Gathered {
  bytes: number
}

/** Cuts a source of bytes into the parts of a series. */
export class Parts {
  /** What was too much for the part before. */
  private rest: Uint8Array | null = null

  constructor(
    private readonly source: Source,
    private readonly ordered: boolean,
    private readonly gathered: Gathered,
  ) {}

  /** The next part; null at the end. Rejects as the source does. */
  async next(): Promise<Uint8Array | null> {
    const limit = this.ordered ? orderedPart : unorderedPart
    const chunks: Uint8Array[] = []
    let size = 0
    try {
      do {
        const chunk: Uint8Array | null = this.rest ?? (await this.source.next())
        this.rest = null
        if (chunk === null) break
        const taken = chunk.subarray(0, limit - size)
        if (taken.length < chunk.length) this.rest = chunk.subarray(taken.length)
        chunks.push(taken)
        size += taken.length
        this.gathered.bytes += taken.length
      } while (!this.ordered && size < limit && this.gathered.bytes < maxGathered)
    } finally {
      this.gathered.bytes -= size
    }
    return chunks.length === 0 ? null : joined(chunks, size)
  }
}

const joined = (chunks: readonly Uint8Array[], size: number): Uint8Array => {
  if (chunks.length === 1) return chunks[0] as Uint8Array
  const whole = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    whole.set(chunk, offset)
    offset += chunk.length
  }
  return whole
}
