import type { BulkSettings } from '../ends/contestant'
import type { Bench } from './bench'
import { quantile } from './statistics'

const KiB = 1024

/** The settings worth trying: from what every implementation takes to the most that Chromium does. */
function candidates(quick: boolean): BulkSettings[] {
  const messages = quick ? [64, 256] : [16, 64, 128, 256]
  const highWaters = quick ? [512, 2048] : [256, 1024, 4096, 15 * 1024]
  return messages.flatMap((message) =>
    highWaters
      .filter((highWater) => highWater >= message)
      .map((highWater) => ({ message: message * KiB, highWater: highWater * KiB })),
  )
}

/**
 * The settings under which a contestant is fastest here and now: two laps through all candidates, the better lap of
 * each counts; a quick run has one.
 *
 * @param measure bytes per second under these settings
 */
export async function sweep(
  bench: Bench,
  what: string,
  measure: (bulk: BulkSettings) => Promise<number>,
): Promise<BulkSettings> {
  const tried = candidates(bench.quick).map((bulk) => ({ bulk, rates: [] as number[] }))
  for (let lap = 0; lap < (bench.quick ? 1 : 2); lap++) {
    for (const { bulk, rates } of tried) rates.push(await measure(bulk))
  }
  const ranked = tried
    .map(({ bulk, rates }) => ({ bulk, rate: quantile(rates, 1) }))
    .sort((a, b) => b.rate - a.rate)
  const [best] = ranked as [(typeof ranked)[0]]
  bench.say(`${what} is at its best with ${describe(best.bulk)} (${(best.rate / 1e6).toFixed(1)} MB/s)`)
  return best.bulk
}

/** The settings in words. */
export const describe = ({ message, highWater }: BulkSettings): string =>
  `messages of ${message / KiB} KiB, ${highWater / KiB} KiB of high water`
