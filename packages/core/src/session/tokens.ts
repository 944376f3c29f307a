import { v4 as uuid } from 'uuid'

/** A link may die before the other side has read our READY, so its last token stays good; more than a few never. */
const keptTokens = 4

/**
 * Resume tokens, one per direction, renewed with every link: who presents the last one we issued is the one we
 * spoke to. A replayed HELLO carries an old one and is refused.
 */
export class Tokens {
  private issued: string[] = []
  /** The remote's latest token: our proof on the next link. */
  held: string | null = null

  /** A new token for the other side. Older ones stay good until one of them is presented. */
  issue(): string {
    const token = uuid()
    this.issued = [...this.issued.slice(1 - keptTokens), token]
    return token
  }

  /**
   * Whether `proof` is good. Once a token was presented, those issued before it are void. A remote that was never
   * heard to hold one (our first READY was lost) may come without: its incarnation, as random, stands in.
   */
  accept(proof: string | null): boolean {
    if (proof === null) return !this.confirmed
    const index = this.issued.indexOf(proof)
    if (index < 0) return false
    this.issued = this.issued.slice(index)
    this.confirmed = true
    return true
  }

  private confirmed = false
}
