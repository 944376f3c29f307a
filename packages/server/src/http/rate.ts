import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'

/** Something that may happen so many times in a while. */
export interface Rate {
  /** Counts one. @returns false where that is one too many */
  admits(key: string): Promise<boolean>
}

/** @param seconds the while */
export const createRate = (times: number, seconds: number): Rate => {
  const limiter = new RateLimiterMemory({ points: times, duration: seconds })
  return {
    async admits(key) {
      try {
        await limiter.consume(key)
        return true
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) return false
        throw refusal
      }
    },
  }
}
