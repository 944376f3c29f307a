import type { Clock } from '../base/clock'
import { Bucket } from './bucket'
import type { SignedOffer } from './handshake/offer-proof'

/** A verification takes some 50 µs: a flood of forged offers costs a twentieth of a core. */
const verificationsPerSecond = 1000
/** An offer counts once in this time, ms: whoever overheard it gains nothing by making it again. */
const rememberedFor = 600_000
const maxRemembered = 16_384

/** Shows with each offer of `from` to `to` that we know their secret. */
export const offerSigner =
  (secret: string, from: string, to: string) =>
  async (connectionId: string): Promise<string> => {
    const { signOffer } = await import('./handshake/offer-proof')
    return signOffer(secret, { from, to, connectionId })
  }

/** Finds out which offers are of somebody who knows a secret of ours. */
export class OfferProofs {
  private readonly verifications: Bucket
  /** When each was made, oldest first. */
  private readonly seen = new Map<string, number>()

  constructor(private readonly clock: Clock) {
    this.verifications = new Bucket(clock, verificationsPerSecond, 1000)
  }

  /** False where that was not shown, or was shown before; a failure makes a stranger, and no more. */
  async isProved(secret: string, offer: SignedOffer, credential: string): Promise<boolean> {
    const key = JSON.stringify([offer.from, offer.connectionId])
    if (this.isSeen(key) || !this.verifications.take()) return false
    const { verifyOffer } = await import('./handshake/offer-proof')
    // It may have been made twice at once.
    if (!(await verifyOffer(secret, offer, credential)) || this.isSeen(key)) return false
    this.seen.set(key, this.clock.now())
    if (this.seen.size > maxRemembered) this.seen.delete(this.seen.keys().next().value as string)
    return true
  }

  private isSeen(key: string): boolean {
    const at = this.seen.get(key)
    if (at === undefined) return false
    if (this.clock.now() - at < rememberedFor) return true
    this.seen.delete(key)
    return false
  }
}
