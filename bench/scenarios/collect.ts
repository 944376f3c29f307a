import type { Ends } from '../harness/bench'

/** Collects garbage at both ends, so that nobody pays for what another one left. */
export const collect = async ({ asker, device }: Ends): Promise<void> => {
  await Promise.all([asker.collect(), device.collect()])
}
