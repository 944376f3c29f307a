import { NanopeerError } from '../../base/errors'
import { bytesOf, pack, Unpacker } from '../../codec/binarypack'
import type { Weighed } from '../../codec/read'
import type { ValueCode } from '../../codec/refusal'
import { readInTurns } from '../rpc/read-value'
import type { Unread } from '../session/unread'
import { checkCarried, refuseBinary, refuseJson, refuseRaw } from './check'
import { parseJson } from './json'
import { Assembly, Cutter, overLimit, type Piece } from './pieces'

/** What a message turned out to be. */
export type Decoded =
  | ({ readonly kind: 'value' } & Weighed)
  /** Part of a value that is not whole yet. */
  | { readonly kind: 'part' }
  /** PeerJS's own goodbye: `close({ flush: true })`. */
  | { readonly kind: 'close' }

/** One of PeerJS's serializations, for one channel. */
export interface Codec {
  /** @throws `NanopeerError` `code`, naming the path, for a value that would arrive as another one. */
  check(value: unknown, code: ValueCode): void
  /** The messages that carry a value. @throws `NanopeerError` `TOO_LARGE` */
  encode(value: unknown): Uint8Array<ArrayBuffer>[]
  /**
   * Decodes a message, a large one over several turns.
   *
   * @throws `NanopeerError` `PROTOCOL` or `TOO_LARGE`, and nothing else, in whichever turn that is found.
   */
  decode(message: Uint8Array, then: (decoded: Decoded) => void): Unread
  /** Bytes of values that are not whole yet. */
  readonly held: number
}

export interface CodecOptions {
  /** The largest message of the channel in bytes; null where it is unknown. */
  readonly maxMessageSize: number | null
  /** The largest value that is taken, in bytes. */
  readonly messageSize: number
}

/**
 * The codec of a PeerJS serialization by its name.
 *
 * @throws `NanopeerError` `UNSUPPORTED` for one of somebody's own.
 */
export const createCodec = (serialization: string, options: CodecOptions): Codec => {
  if (serialization === 'binary' || serialization === 'binary-utf8') return createBinary(options)
  if (serialization === 'json') return createJson(options)
  if (serialization === 'raw') return createRaw(options)
  throw new NanopeerError(
    'UNSUPPORTED',
    `The remote speaks "${serialization}", which is not one of PeerJS's own.`,
  )
}

const withinLimit = (message: Uint8Array, { messageSize }: CodecOptions): void => {
  if (message.length > messageSize) throw overLimit(messageSize)
}

/** The field by which PeerJS tells its own messages apart from its users'. */
const controlOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, '__peerData')
    ? (value as Piece).__peerData
    : undefined

const isClose = (control: unknown): boolean => (control as { type?: unknown } | undefined)?.type === 'close'

const createBinary = (options: CodecOptions): Codec => {
  const cutter = new Cutter(options.maxMessageSize)
  const assembly = new Assembly(options.messageSize)
  return {
    get held() {
      return assembly.held
    },
    check: (value, code) => checkCarried(value, refuseBinary, code),
    encode: (value) => cutter.cut(pack(value)),
    decode(message, then) {
      withinLimit(message, options)
      const told = (decoded: Decoded): null => {
        then(decoded)
        return null
      }
      const read = ({ value, weight }: Weighed) => told({ kind: 'value', value, weight })
      return readInTurns(new Unpacker(message), (unpacked) => {
        const control = controlOf(unpacked.value)
        if (!control) return read(unpacked)
        if (isClose(control)) return told({ kind: 'close' })
        const whole = assembly.add(unpacked.value as Piece)
        return whole ? readInTurns(new Unpacker(whole), read) : told({ kind: 'part' })
      })
    },
  }
}

/** One value, one message: PeerJS refuses to send 16,300 bytes of JSON, but reads more. */
const createJson = (options: CodecOptions): Codec => {
  const encoder = new TextEncoder()
  return {
    held: 0,
    check: (value, code) => checkCarried(value, refuseJson, code),
    encode: (value) => [fitting(encoder.encode(JSON.stringify(value ?? null)), options)],
    decode(message, then) {
      withinLimit(message, options)
      const parsed = parseJson(message)
      then(isClose(controlOf(parsed.value)) ? { kind: 'close' } : { kind: 'value', ...parsed })
      return null
    },
  }
}

/** Bytes as they are; nothing else. */
const createRaw = (options: CodecOptions): Codec => ({
  held: 0,
  check: (value, code) => checkCarried(value, refuseRaw, code),
  encode(value) {
    const bytes = bytesOf(value)
    if (!bytes)
      throw new NanopeerError('UNSUPPORTED', 'A "raw" PeerJS channel carries bytes and nothing else.')
    return [fitting(bytes.slice(), options)]
  },
  decode(message, then) {
    withinLimit(message, options)
    then({ kind: 'value', value: message.slice().buffer, weight: message.length })
    return null
  },
})

/** What every SCTP implementation takes, where the channel does not say. */
const safeMessage = 16 * 1024

const fitting = (message: Uint8Array<ArrayBuffer>, { maxMessageSize }: CodecOptions) => {
  const limit = maxMessageSize ?? safeMessage
  if (message.length <= limit) return message
  const text = `The value has ${message.length} bytes; this channel takes ${limit}, and PeerJS cuts only "binary".`
  throw new NanopeerError('TOO_LARGE', text)
}
