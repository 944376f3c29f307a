import { bytesOf } from './bytes'
import type { Simulation } from './simulation'

/** The bytes of a key as a stream: in chunks of any size, now and then after a while. */
export const streamOf = (
  simulation: Simulation,
  key: string,
  size: number,
  finished: () => void = () => {},
): ReadableStream<Uint8Array> => {
  const { random } = simulation
  let offset = 0
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (offset >= size) {
          controller.close()
          finished()
          return
        }
        if (random.chance(0.05)) await simulation.wait(random.skewed(200))
        const length = Math.min(size - offset, 1 + random.skewed(100_000))
        controller.enqueue(bytesOf(key, offset, length))
        offset += length
      },
      cancel: finished,
    },
    { highWaterMark: 0 },
  )
}
