import { v5 as hash, v4 as uuid } from 'uuid'
import { remember, tabStorage } from '../../base/tab-storage'

/** Tokens of a place without storage, for as long as it runs. */
const memory = new Map<string, string>()

const keyOf = (id: string) => `nanopeer:token:${id}`

export interface Token {
  readonly value: string
  /** Made just now, so that no other tab can have copied it. */
  readonly isFresh: boolean
}

/**
 * The token that proves to a PeerServer that an id is ours, kept per id and tab: PeerJS makes a new one per `Peer`,
 * so after a crash the server would refuse the reloaded page for up to 90 seconds.
 */
export const tokenOf = (id: string): Token => {
  const known = tabStorage()?.getItem(keyOf(id)) ?? memory.get(id)
  return known ? { value: known, isFresh: false } : { value: renewToken(id), isFresh: true }
}

/** Sets these hashes apart from all others. */
const namespace = '3b8c1f0a-2c5d-4f0e-9a53-0d6a5f2c7b41'

/**
 * What one server is told for a token: another one's operator, who hears its own, cannot register our id here.
 *
 * @param name the server's
 */
export const tokenFor = ({ value }: Token, name: string): string =>
  hash(JSON.stringify([value, name]), namespace)

/** Makes a new token: the old one belongs to the tab that this one was copied from. */
export const renewToken = (id: string): string => {
  const value = uuid()
  if (!remember(keyOf(id), value)) memory.set(id, value)
  return value
}
