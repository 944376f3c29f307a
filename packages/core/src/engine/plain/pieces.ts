import { NanopeerError } from '../../base/errors'
import { pack } from '../../codec/binarypack'
import { joined } from '../joined'
import { messageOverhead } from '../wire/limits'

/** What PeerJS itself cuts values into: every WebRTC implementation takes messages of this size. */
const safePiece = 16_300
/** Fewer, larger messages where the path is known to take them: PeerJS puts pieces of any size together. */
const largePiece = 60_000
/** What a piece's numbers add to its bytes. */
const pieceOverhead = 64

/** One piece of a value, as PeerJS writes and reads it. Pieces may arrive in any order. */
export interface Piece {
  /** Names the value that it belongs to. */
  readonly __peerData: number
  readonly n: number
  readonly total: number
  readonly data: ArrayBuffer
}

/** Cuts packed values into messages that the path takes. */
export class Cutter {
  private values = 0
  private readonly limit: number

  /** @param maxMessageSize in bytes; null where it is unknown */
  constructor(maxMessageSize: number | null) {
    this.limit = (maxMessageSize ?? 0) >= largePiece + pieceOverhead ? largePiece : safePiece
  }

  cut(packed: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
    if (packed.length <= this.limit) return [packed]
    const total = Math.ceil(packed.length / this.limit)
    const id = ++this.values
    return Array.from({ length: total }, (_, n) => {
      const data = packed.subarray(n * this.limit, (n + 1) * this.limit)
      return pack({ __peerData: id, n, total, data })
    })
  }
}

/** What a remote that sends a larger value than `limit` bytes is told. */
export const overLimit = (limit: number): NanopeerError =>
  new NanopeerError('TOO_LARGE', `The remote sent a value over the limit of ${limit} bytes.`)

interface Partial {
  readonly total: number
  readonly pieces: Map<number, Uint8Array>
  size: number
}

/** Puts pieces together again. PeerJS's own table has no bound. */
export class Assembly {
  private readonly values = new Map<number, Partial>()
  /** Bytes that are held, and what holding them takes. */
  held = 0

  /** @param limit largest value in bytes; all that are under way may take twice that */
  constructor(private readonly limit: number) {}

  /**
   * The packed value, or null while pieces are missing.
   *
   * @throws `NanopeerError` `PROTOCOL` for what is no piece, `TOO_LARGE` over the limit.
   */
  add({ __peerData: id, n, total, data }: Piece): Uint8Array | null {
    const isPiece =
      isCount(id) && isCount(total) && isCount(n + 1) && n < total && data instanceof ArrayBuffer
    if (!isPiece) throw new NanopeerError('PROTOCOL', 'The remote sent a piece of a value that is none.')
    const value = this.values.get(id) ?? { total, pieces: new Map<number, Uint8Array>(), size: 0 }
    if (value.total !== total)
      throw new NanopeerError('PROTOCOL', 'The remote sent pieces that are not of one value.')
    this.values.set(id, value)
    if (value.pieces.has(n)) return null
    value.pieces.set(n, new Uint8Array(data))
    value.size += data.byteLength
    this.held += data.byteLength + messageOverhead
    if (value.size > this.limit || this.held > 2 * this.limit + messageOverhead * 1024) {
      throw overLimit(this.limit)
    }
    if (value.pieces.size < value.total) return null
    this.values.delete(id)
    this.held -= value.size + messageOverhead * value.total
    return joined(Array.from({ length: value.total }, (_, index) => value.pieces.get(index) as Uint8Array))
  }
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 0
