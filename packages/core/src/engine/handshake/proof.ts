import { NanopeerError } from '../../base/errors'
import type { KeyChange } from '../../base/transport'

/** What a remote has proved of itself. */
export interface Proof {
  /** The secret, or the key by which the app or `known` names it. */
  readonly authenticated: boolean
  /** Its key, and behind it those that this one replaces by their own signatures; none where it has shown none. */
  readonly keys: readonly string[]
}

export const nothingProved: Proof = { authenticated: false, keys: [] }

/** Whether whoever has proved these keys is the one that had the first of those. */
export const isSameRemote = (proof: Proof, before: Proof): boolean =>
  before.keys[0] === undefined || proof.keys.includes(before.keys[0])

/** Somebody answers for a remote with another key than it is known by, or with none. */
export const keyChanged = (expected: string, [shown = null]: readonly (string | null)[]): NanopeerError => {
  const explain =
    shown === null
      ? 'Whoever answers shows no key, and this id is known by one.'
      : 'Whoever answers shows another key than this id is known by: the device has a new one, or it is somebody else.'
  const cause: KeyChange = { stage: 'authentication', explain, expected, shown }
  const advice = 'Compare its key with the device itself before you replace the one that is known.'
  return new NanopeerError('KEY_CHANGED', `${explain} ${advice}`, { cause })
}
