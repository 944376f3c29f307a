import { type Frame, frameSize, isControl, maxFrameHead, writeFrame } from '../wire/frame'
import type { Outbox, OutgoingFrame } from './outbox'
import type { ReplayBuffer } from './replay'

/** The most that an acknowledgement and a pong take together. */
const repliesSize = 2 * (1 + 1 + 1 + 8)

/** What may go into a message. */
export interface MessageRoom {
  /** Its size, bytes. */
  readonly message: number
  readonly urgent: boolean
  /** What was written before may be written again: it is in the count already, however full the buffer is. */
  readonly replay: boolean
  /** Bytes of stream data after which no more is added; 0 or less for none. */
  readonly bulk: number
  /** The largest stream frame's payload. */
  readonly frame: number
}

/**
 * One message of what there is room for now; null when that is nothing. What it takes from the outbox gets its place
 * in the count here.
 *
 * @param replies what is owed to the remote; told whether it would be alone in the message
 */
export const assembleMessage = (
  room: MessageRoom,
  outbox: Outbox,
  replay: ReplayBuffer,
  replies: (alone: boolean) => readonly Frame[],
): Uint8Array<ArrayBuffer> | null => {
  const replayed: Uint8Array[] = []
  const frames: OutgoingFrame[] = []
  let size = 0
  const limit = room.message - repliesSize
  while (replay.isReplaying && room.replay) {
    const bytes = replay.next(limit - size)
    if (!bytes) break
    replayed.push(bytes)
    size += bytes.length
  }
  while (!replay.isReplaying) {
    const space = limit - size - maxFrameHead
    const frame = outbox.next({ urgent: room.urgent, bulk: bulkRoom(room, size, space) }, space)
    if (!frame) break
    frames.push(frame)
    size += frameSize(frame)
  }
  const owed = replies(size === 0)
  if (size === 0 && owed.length === 0) return null
  return encode(size, owed, replayed, frames, replay)
}

/** A sliver of a message is not worth a frame: the next message has room for a whole one. */
const bulkRoom = ({ bulk, frame }: MessageRoom, size: number, space: number): number =>
  size < bulk && (size === 0 || space >= frame / 2) ? Math.min(frame, space) : 0

const encode = (
  size: number,
  owed: readonly Frame[],
  replayed: readonly Uint8Array[],
  frames: readonly OutgoingFrame[],
  replay: ReplayBuffer,
): Uint8Array<ArrayBuffer> => {
  const message = new Uint8Array(owed.reduce((sum, reply) => sum + frameSize(reply), size))
  let offset = 0
  for (const reply of owed) offset = writeFrame(message, offset, reply)
  for (const bytes of replayed) {
    message.set(bytes, offset)
    offset += bytes.length
  }
  const shared = frames.every((frame) => frame.payload.length * 4 < message.length)
  for (const frame of frames) {
    const end = writeFrame(message, offset, frame)
    replay.add(isControl(frame.type) ? null : frame.stream, message.subarray(offset, end), shared)
    offset = end
  }
  for (const frame of frames) frame.written?.()
  return message
}
