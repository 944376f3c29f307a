import type { Identity } from '../../src/base/identity'
import { type Known, listKnown } from '../../src/base/known'
import { createIdentity } from '../../src/engine/identity/create'
import { succeed } from '../../src/engine/identity/predecessors'
import { generateKeyPair } from '../../src/engine/identity/signature'

/** An identity in memory. */
export const newIdentity = async (): Promise<Identity> =>
  createIdentity(await generateKeyPair(false), { created: true, error: null })

/** The one that replaces it. */
export const rotated = async (old: Identity): Promise<Identity> => {
  const pair = await generateKeyPair(false)
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
  return createIdentity(pair, { created: true, error: null, predecessors: await succeed(old, publicKey) })
}

/** Keys by id, in memory. */
export const memoryKnown = (keys: Readonly<Record<string, string>> = {}): Known => {
  const held = new Map(Object.entries(keys))
  return {
    get: (id) => held.get(id),
    set: (id, key) => void held.set(id, key),
    delete: (id) => void held.delete(id),
    list: () => listKnown(held),
  }
}
