import type { Predecessor } from '../../base/identity'
import { keyOf } from './key'
import { type Signer, signParts, verifySignature } from './signature'

/** Keys before the present one that are still told of: each costs whoever is told a verification. */
export const maxPredecessors = 4

const partsOf = (before: Uint8Array, after: Uint8Array) => ['nanopeer/2 successor', before, after] as const

/** What the new key's owner shows those who know the old one: its signature, and those that it had to show itself. */
export const succeed = async (
  old: Signer & {
    readonly publicKey: Uint8Array<ArrayBuffer>
    readonly predecessors: readonly Predecessor[]
  },
  publicKey: Uint8Array<ArrayBuffer>,
): Promise<readonly Predecessor[]> => {
  const signature = await signParts(old, partsOf(old.publicKey, publicKey))
  return [{ publicKey: old.publicKey, signature }, ...old.predecessors].slice(0, maxPredecessors)
}

/** The former keys of whoever has this one, the latest first; null where one of them has not signed its successor. */
export const formerKeys = async (
  publicKey: Uint8Array<ArrayBuffer>,
  predecessors: readonly Predecessor[],
): Promise<readonly string[] | null> => {
  const keys: string[] = []
  let after = publicKey
  for (const { publicKey: before, signature } of predecessors) {
    if (!(await verifySignature(before, partsOf(before, after), signature))) return null
    keys.push(await keyOf(before))
    after = before
  }
  return keys
}
