import { RateLimiterMemory } from 'rate-limiter-flexible'
import { addressGroup } from './client-address'

/** Counts refused registrations by address, of IPv6 by the /64, so that ids and tokens cannot be guessed at speed. */
export interface Refusals {
  /** Counts one. */
  count(address: string): void
  /** Whether this address is not to be listened to for now. */
  has(address: string): Promise<boolean>
}

export const createRefusals = (perMinute: number): Refusals => {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: 60 })
  return {
    count(address) {
      void limiter.penalty(addressGroup(address))
    },
    async has(address) {
      const counted = await limiter.get(addressGroup(address))
      return counted !== null && counted.consumedPoints >= perMinute
    },
  }
}
