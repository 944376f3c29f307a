import type { Clock } from '../base/clock'
import { Bucket } from './bucket'
import type { OfferJudge, SignedOffer } from './handshake/offer-proof'
import type { HandshakeOptions } from './handshake/options'

/** A verification takes some 50 µs: a flood of forged offers costs a twentieth of a core. */
const verificationsPerSecond = 1000
/** An offer counts once in this time, ms: whoever overheard it gains nothing by making it again. */
const rememberedFor = 600_000
const maxRemembered = 16_384
/** A credential is an HMAC, or a key with its signature, in base64. Whatever else comes in its place costs nothing. */
const shape = /^(?:[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{172})$/

/** Shows with each offer that we know their secret, or have a key that they may know. */
export const offerSigner =
  (options: Pick<HandshakeOptions, 'localId' | 'remoteId' | 'secret' | 'identity'>) =>
  async (connectionId: string): Promise<string | undefined> => {
    const { signOffer } = await import('./handshake/offer-proof')
    return signOffer(options, { from: options.localId, to: options.remoteId, connectionId })
  }

/** Finds out which offers are of somebody who knows a secret of ours, or whom we know. */
export class OfferProofs {
  private readonly verifications: Bucket
  /** When each was made, oldest first. */
  private readonly seen = new Map<string, number>()

  constructor(private readonly clock: Clock) {
    this.verifications = new Bucket(clock, verificationsPerSecond, 1000)
  }

  /**
   * By which secret, or key; null where that was not shown, or was shown before. A failure makes a stranger, and no more.
   *
   * @param findJudge asked only where there is something to judge
   */
  async provedBy(
    findJudge: () => OfferJudge,
    offer: SignedOffer,
    credential: string,
  ): Promise<string | null> {
    if (!shape.test(credential)) return null
    const key = JSON.stringify([offer.from, offer.connectionId])
    if (this.isSeen(key) || !this.verifications.take()) return null
    const judge = findJudge()
    const { verifyOffer } = await import('./handshake/offer-proof')
    // It may have been made twice at once, so its place is taken last.
    const by = await verifyOffer(judge, offer, credential)
    if (by === null || this.isSeen(key)) return null
    this.seen.set(key, this.clock.now())
    if (this.seen.size > maxRemembered) this.seen.delete(this.seen.keys().next().value as string)
    return by
  }

  private isSeen(key: string): boolean {
    const at = this.seen.get(key)
    if (at === undefined) return false
    if (this.clock.now() - at < rememberedFor) return true
    this.seen.delete(key)
    return false
  }
}
