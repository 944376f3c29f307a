import { type Frame, frameSize, maxFrameHead } from '../wire/frame'
import type { Outbox, OutgoingFrame } from './outbox'
import type { ReplayBuffer } from './replay'

/** The most that an acknowledgement and a pong take together. */
const repliesSize = 2 * (1 + 1 + 1 + 8)

/** What may go into a message. */
export interface MessageRoom {
  /** Its size, bytes. */
  readonly message: number
  readonly urgent: boolean
  /** Bytes of small frames after which no more of them are added. */
  readonly small: number
  /** What was written before may be written again: it is in the count already, however full the buffer is. */
  readonly replay: boolean
  /** Bytes of stream data after which no more is added; 0 or less for none. */
  readonly bulk: number
  /** The largest stream frame's payload. */
  readonly frame: number
}

/**
 * The frames of one message, of what there is room for now; none when that is nothing. What it takes from the outbox gets
 * its place in the count here.
 *
 * @param replies what is owed to the remote; told whether it would be alone in the message
 */
export const takeFrames = (
  room: MessageRoom,
  outbox: Outbox,
  replay: ReplayBuffer,
  replies: (alone: boolean) => readonly Frame[],
): OutgoingFrame[] => {
  const frames: OutgoingFrame[] = []
  let size = 0
  const limit = room.message - repliesSize
  while (replay.isReplaying && room.replay) {
    const frame = replay.next(limit - size)
    if (!frame) break
    frames.push(frame)
    size += frameSize(frame)
  }
  while (!replay.isReplaying) {
    const space = limit - size - maxFrameHead
    const frame = outbox.next(room.urgent, bulkRoom(room, size, space), space)
    if (!frame) break
    frames.push(frame)
    replay.add(frame)
    size += frameSize(frame)
    if (size >= room.small && outbox.hasSmall) break
  }
  frames.push(...replies(size === 0))
  return frames
}

/** A sliver of a message is not worth a frame: the next message has room for a whole one. */
const bulkRoom = ({ bulk, frame }: MessageRoom, size: number, space: number): number =>
  size < bulk && (size === 0 || space >= frame / 2) ? Math.min(frame, space) : 0
