import { decodeFrames, encodeFrames, type Frame, FrameType } from '../../../src/engine/wire/frame'
import { encodeVarint } from '../../../src/engine/wire/varint'
import type { Random } from '../../simulation/random'

const types = Object.values(FrameType)
/** Numbers at which something changes: widths of varints, limits, the largest that is safe, and beyond. */
const numbers = [0, 1, 2, 127, 128, 255, 16_383, 16_384, 65_536, 262_144, 2 ** 31, 2 ** 32, 2 ** 53 - 1]

export const randomBytes = (random: Random, longest: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: random.skewed(longest) }, () => random.between(0, 255))

/** Changes to bytes that know nothing of frames. */
const byteChanges: readonly ((bytes: Uint8Array<ArrayBuffer>, random: Random) => Uint8Array<ArrayBuffer>)[] =
  [
    (bytes, random) => {
      const changed = bytes.slice()
      const count = 1 + random.skewed(8)
      for (let change = 0; change < count && changed.length > 0; change++) {
        changed[random.between(0, changed.length - 1)] = random.between(0, 255)
      }
      return changed
    },
    (bytes, random) => bytes.slice(0, random.between(0, bytes.length)),
    (bytes, random) => bytes.slice(random.between(0, bytes.length)),
    (bytes, random) => {
      const at = random.between(0, bytes.length)
      return Uint8Array.from([...bytes.subarray(0, at), ...randomBytes(random, 16), ...bytes.subarray(at)])
    },
    (bytes, random) => {
      const from = random.between(0, bytes.length)
      const to = Math.min(bytes.length, from + random.between(0, 64))
      return Uint8Array.from([...bytes.subarray(0, to), ...bytes.subarray(from)])
    },
  ]

/** Changes to frames that stay frames: these get further. */
const frameChanges: readonly ((frame: Frame, random: Random) => Frame[])[] = [
  (frame) => [frame, frame],
  () => [],
  (frame, random) => [{ ...frame, type: random.pick(types) }],
  (frame, random) => [{ ...frame, stream: random.pick(numbers) }],
  (frame, random) => [{ ...frame, stream: random.between(0, 40) }],
  (frame) => [{ ...frame, more: !frame.more }],
  (frame, random) => [{ ...frame, payload: encodeVarint(random.pick(numbers)) }],
  (frame, random) => [{ ...frame, payload: randomBytes(random, 64) }],
  (frame, random) => [{ ...frame, payload: random.pick(byteChanges)(frame.payload.slice(), random) }],
  (frame) => [{ ...frame, type: FrameType.Cancel, payload: new Uint8Array(0) }, frame],
]

/** One message that somebody once sent, as nobody ever did. */
export const mutate = (message: Uint8Array<ArrayBuffer>, random: Random): Uint8Array<ArrayBuffer> => {
  if (random.chance(0.4)) return random.pick(byteChanges)(message, random)
  const frames = [...decodeFrames(message)].flatMap((frame) =>
    random.chance(0.3) ? random.pick(frameChanges)(frame, random) : [frame],
  )
  return encodeFrames(...frames)
}
