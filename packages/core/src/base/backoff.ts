/** Bounds of the wait between attempts, in ms. */
export interface BackoffOptions {
  /** The first wait. @default 500 */
  readonly minDelay?: number
  /** The longest wait. @default 30000 */
  readonly maxDelay?: number
}

/**
 * Milliseconds to wait before the next attempt, doubling with each one that failed.
 *
 * Equal jitter: half the wait is fixed and half is random, so that a thousand devices that lost the same server do
 * not come back in the same instant, and none comes back at once either.
 * Source: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 *
 * @param attempt - attempts that failed before this one, from 0.
 * @param random - a number in [0, 1); injected so that tests replay exactly.
 * @returns 250 to 500 for the first, 2000 to 4000 for the fourth
 */
export const backoff = (
  attempt: number,
  { minDelay = 500, maxDelay = 30_000 }: BackoffOptions = {},
  random: () => number = Math.random,
): number => {
  const ceiling = Math.min(maxDelay, minDelay * 2 ** Math.max(0, attempt))
  return Math.round(ceiling / 2 + (random() * ceiling) / 2)
}
