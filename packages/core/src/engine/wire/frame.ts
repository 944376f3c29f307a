/**
 * The wire format. A *message* (one send on the data channel) is any number of frames, one after the other:
 *
 *     frame = type: 1 byte · stream: varint · length: varint · payload: length bytes
 *
 * The high bit of `type` says that the payload goes on in the next frame of the same type and stream. Types below
 * {@link FrameType.Skip} belong to the link and are never counted; all others belong to the session: the n-th one
 * sent is the n-th one received, whatever happens to the links in between.
 */
import { NanopeerError } from '../../base/errors'
import { VarintReader, varintSize, writeVarint } from './varint'

export const FrameType = {
  /** Opens a link: who we are, which session, how far we are. Values: `wire/hello.ts`. */
  Hello: 1,
  /** Proof of the shared secret. */
  Auth: 2,
  /** The accepter is still making up its mind: the dialler's deadline starts anew. */
  Wait: 3,
  /** Accepted: the link carries the session from here on. */
  Ready: 4,
  /** The session that HELLO named is not known (any more). A HELLO for a new one may follow. */
  Forgotten: 5,
  /** Goodbye; the session is over. Payload: code and message, or nothing. */
  Bye: 6,
  /** How many counted frames have arrived. */
  Acknowledge: 7,
  /** Asks for a PONG with the same payload. */
  Ping: 8,
  Pong: 9,
  /** A step of a pairing, on a link that is for nothing else. Values: `pairing/exchange.ts`. */
  Pair: 10,

  /** Stands for n frames of a cancelled stream, on a resume. */
  Skip: 16,
  /** A plain value; stream 0. */
  Message: 17,
  /** Opens a stream: action, input, options. */
  Request: 18,
  /** The value answer; ends the stream. */
  Answer: 19,
  /** A bytes or events answer begins. */
  Head: 20,
  /** Bytes of the answer (device → asker) or of the upload (asker → device). */
  Data: 21,
  /** One event. */
  Item: 22,
  /** The last of what this side sends on the stream. */
  End: 23,
  /** The stream failed: an error; nothing follows from this side. */
  Fail: 24,
  /** How many bytes of this stream the reader allows in all (an absolute offset). */
  Credit: 25,
  /** The receiver wants no more: of the whole request (asker → device) or of the upload (device → asker). */
  Cancel: 26,
  /** What carries the tracks of a media answer, from now on. Values: `wire/media.ts`. */
  Tracks: 27,
  /** An offer or an answer for the link's own connection; stream 0. Values: `wire/media.ts`. */
  Description: 28,
} as const
export type FrameType = (typeof FrameType)[keyof typeof FrameType]

const known: ReadonlySet<number> = new Set(Object.values(FrameType))

export const isCounted = (type: FrameType): boolean => type >= FrameType.Skip

/** Counted frames that are never held up and never withdrawn. */
export const isControl = (type: FrameType): boolean => type === FrameType.Credit || type === FrameType.Cancel

const moreFlag = 0x80

export interface Frame {
  readonly type: FrameType
  /** Odd streams are opened by the lower id, even ones by the higher; 0 is the connection itself. */
  readonly stream: number
  readonly payload: Uint8Array
  /** The payload goes on in the next frame of this type and stream. */
  readonly more?: boolean
  /** The first bytes of the payload, of a frame that is sent: made once for many, and not copied for each. */
  readonly head?: Uint8Array | undefined
}

export const noPayload: Uint8Array<ArrayBuffer> = new Uint8Array(0)

/** Bytes of a frame's payload. */
export const payloadSize = ({ head, payload }: Frame): number => (head ? head.length : 0) + payload.length

/** Bytes that a frame takes on the wire. */
export const frameSize = (frame: Frame): number => {
  const size = payloadSize(frame)
  return 1 + varintSize(frame.stream) + varintSize(size) + size
}

/** The most that a frame's head can take: type, stream and length. */
export const maxFrameHead = 1 + 8 + 8

/** Writes a frame at `offset` and returns the offset after it. */
const writeFrame = (target: Uint8Array, offset: number, frame: Frame): number => {
  target[offset++] = frame.more ? frame.type | moreFlag : frame.type
  offset = writeVarint(target, offset, frame.stream)
  offset = writeVarint(target, offset, payloadSize(frame))
  if (frame.head) {
    target.set(frame.head, offset)
    offset += frame.head.length
  }
  target.set(frame.payload, offset)
  return offset + frame.payload.length
}

const messageSize = (frames: readonly Frame[]): number =>
  frames.reduce((size, frame) => size + frameSize(frame), 0)

const writeFrames = (message: Uint8Array<ArrayBuffer>, frames: readonly Frame[]): Uint8Array<ArrayBuffer> => {
  frames.reduce((offset, frame) => writeFrame(message, offset, frame), 0)
  return message
}

/** One message of these frames. */
export const encodeFrames = (...frames: readonly Frame[]): Uint8Array<ArrayBuffer> =>
  writeFrames(new Uint8Array(messageSize(frames)), frames)

let lent = noPayload

/**
 * The same in memory that the next call uses again, for what is sent at once: links copy. Memory that is new for every
 * message costs more than the copy into it (docs/decisions/0011).
 */
export const borrowMessage = (frames: readonly Frame[]): Uint8Array<ArrayBuffer> => {
  const size = messageSize(frames)
  if (lent.length < size) lent = new Uint8Array(Math.max(size, 2 * lent.length))
  return writeFrames(lent.subarray(0, size), frames)
}

/** Below this a message is not worth a copy of its parts. */
const smallMessage = 4096

/** Whether a view keeps a message that is much larger than itself. */
const isPart = (view: Uint8Array): boolean => {
  const { byteLength } = view.buffer
  return byteLength > smallMessage && view.length * 4 < byteLength
}

/** What is kept of a message for long: a small part is copied, because a view of it would keep all of the message. */
export const compact = (view: Uint8Array): Uint8Array => (isPart(view) ? view.slice() : view)

/**
 * Takes a message apart, a frame at a time. Payloads are views of it: nothing is copied, and nothing allocated for a length
 * that the message does not really have.
 */
export class FrameReader {
  private readonly numbers: VarintReader

  constructor(private readonly message: Uint8Array) {
    this.numbers = new VarintReader(message)
  }

  /**
   * The next frame; null behind the last one.
   *
   * @throws `NanopeerError` `PROTOCOL` for an unknown type or a length beyond the message.
   */
  next(): Frame | null {
    const { message, numbers } = this
    if (numbers.offset >= message.length) return null
    const head = message[numbers.offset++] as number
    const type = head & ~moreFlag
    if (!known.has(type))
      throw new NanopeerError('PROTOCOL', `The remote sent a frame of unknown type ${type}.`)
    const stream = numbers.next()
    const end = numbers.next() + numbers.offset
    if (end > message.length) throw new NanopeerError('PROTOCOL', 'The remote sent a frame that is cut off.')
    const payload = message.subarray(numbers.offset, end)
    numbers.offset = end
    return { type: type as FrameType, stream, payload, more: head >= moreFlag }
  }
}

/**
 * The frames of a message, for those who read few.
 *
 * @throws as {@link FrameReader}.
 */
export function* decodeFrames(message: Uint8Array): Generator<Frame, void, void> {
  const reader = new FrameReader(message)
  for (let frame = reader.next(); frame; frame = reader.next()) yield frame
}
