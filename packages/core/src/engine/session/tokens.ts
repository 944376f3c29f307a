import { v4 as uuid } from 'uuid'

/**
 * Resume tokens, one per direction, renewed whenever the last one was presented: who presents it is the one we spoke
 * to. A replayed HELLO carries an old one and is refused.
 */
export class Tokens {
  /** At most two: the last that was presented, and a newer one that the remote may or may not have heard. */
  private issued: string[] = []
  /** The remote holds one of them, for certain: it comes with it, or is another. */
  private confirmed = false
  /** A link has had what a proof is bound to. Where none ever has, nobody can show one. */
  private canBeShown = false
  /** The remote's latest token: our proof on the next link. */
  held: string | null = null

  /**
   * The same until the remote is known to hold it: any number of links may die before that has read it, so none that it may
   * hold can be dropped.
   */
  private issue(): string {
    const newest = this.issued.at(-1)
    const isHeld = this.confirmed && this.issued.length === 1
    if (newest !== undefined && !isHeld) return newest
    const token = uuid()
    this.issued.push(token)
    return token
  }

  /**
   * What our READY says. To a remote that may be another than the one we spoke to nothing, where that one has a token
   * already, and keeps it.
   */
  tell(isProved: boolean): string {
    return isProved || !this.confirmed ? this.issue() : ''
  }

  /**
   * What the remote's READY says: its latest token, or nothing where the one that we have stays good.
   *
   * @param canBeShown the link has what a proof is bound to
   */
  hear(token: string, canBeShown: boolean): void {
    if (token !== '') this.held = token
    this.canBeShown ||= canBeShown
  }

  /** What was told so far is good for nothing: the session has not begun, and the next READY tells another one. */
  forget(): void {
    this.issued = []
  }

  /** The remote has answered what came behind our READY: it has read that. */
  confirm(): void {
    this.confirmed ||= this.canBeShown
  }

  /**
   * Whether `proof` is good. Once a token was presented, the one before it is void. A remote that was never heard to
   * hold one (our first READY was lost) may come without: its incarnation, as random, stands in. A redial tells that to
   * whoever answers, so it stands in for no longer than that.
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
