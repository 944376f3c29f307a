import { v4 as uuid } from 'uuid'

/**
 * Resume tokens, one per direction, renewed whenever the last one was presented: who presents it is the one we spoke
 * to. A replayed HELLO carries an old one and is refused.
 */
export class Tokens {
  /** At most two: the last that was presented, and a newer one that the remote may or may not have heard. */
  private issued: string[] = []
  private confirmed = false
  /** The remote's latest token: our proof on the next link. */
  held: string | null = null

  /**
   * The token that our READY carries. The same until it is presented: any number of links may die before the other
   * side has read it, so none that it may hold can be dropped.
   */
  issue(): string {
    const newest = this.issued.at(-1)
    const isPresented = this.confirmed && this.issued.length === 1
    if (newest !== undefined && !isPresented) return newest
    const token = uuid()
    this.issued.push(token)
    return token
  }

  /**
   * Whether `proof` is good. Once a token was presented, the one before it is void. A remote that was never heard to
   * hold one (our first READY was lost) may come without: its incarnation, as random, stands in.
   *
   * @param proofOf what whoever holds a token would show; null where nothing can be shown
   */
  accept(proof: string | null, proofOf: (token: string) => string | null): boolean {
    if (proof === null) return !this.confirmed
    const index = this.issued.findIndex((token) => proofOf(token) === proof)
    if (index < 0) return false
    this.issued = this.issued.slice(index)
    this.confirmed = true
    return true
  }
}
