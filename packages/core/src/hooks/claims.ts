import { systemClock } from '../base/clock'
import { NanopeerError } from '../base/errors'
import type { Connection, Peer } from '../base/types'
import { otherTrust } from '../peer/registry'
import { attempt } from './view'

/** What a hook says of whom a peer or a connection trusts, by the names of options; undefined says nothing. */
export type Says = Readonly<Record<string, unknown>>

/** What one hook says of whom a peer or a connection trusts. */
export interface Claim<About = Peer | Connection> {
  readonly about: About
  readonly says: Says
  /** On screen, and so it is. */
  counts: boolean
  /** Whether the hook may use it: nobody on screen says otherwise, or this hook uses it already. */
  isGranted: boolean
  /** Why not, once that is certain. */
  error: NanopeerError | null
  look(): void
  /** On screen: claimed, and held. */
  hold(changed: () => void): () => void
}

/** Those on screen, by what they are about. */
const claimsAbout = new WeakMap<Peer | Connection, Set<Claim>>()

/**
 * Creates a claim. What was said first counts: two that took turns would end each other's sessions for ever. Who comes later
 * has its turn when that is gone.
 *
 * @param id what the error calls it
 * @param isShown whether the hook shows it now, on other terms
 * @param adopt called when the claim counts, and again when somebody else has gone
 */
export function createClaim<About extends Peer | Connection>(
  about: About,
  id: string,
  says: Says,
  isShown: boolean,
  adopt: () => unknown,
): Claim<About> {
  const all = claimsAbout.get(about) ?? new Set()
  claimsAbout.set(about, all)
  /** The option of which somebody on screen says otherwise. */
  const findDispute = (): string | undefined => {
    for (const { says: other, counts } of all) {
      const differs = (name: string) => (says[name] ?? other[name]) !== (other[name] ?? says[name])
      const name = counts && Object.keys(says).find(differs)
      if (name) return name
    }
    return undefined
  }
  // In a task of its own: components that show one secret change it one after the other, and a framework may let go of the old
  // a little after it has taken hold of the new.
  const lookLater = (claims: Iterable<Claim>) =>
    systemClock.after(0, () => {
      for (const claim of [...claims]) if (all.has(claim)) claim.look()
    })
  let changed = () => {}
  const own: Claim<About> = {
    about,
    says,
    counts: false,
    isGranted: isShown || !findDispute(),
    error: null,
    look() {
      const name = findDispute()
      own.counts = !name
      // The same error while it is refused.
      const result = name ? (own.error ?? otherTrust(id, name)) : attempt(adopt)
      own.error = result instanceof NanopeerError ? result : null
      own.isGranted = !own.error
      changed()
    },
    hold(told) {
      changed = told
      all.add(own)
      if (findDispute()) lookLater([own])
      else own.look()
      const unlisten = about.$status.listen(told)
      return () => {
        all.delete(own)
        own.counts = false
        lookLater(all)
        unlisten()
      }
    },
  }
  return own
}
