import { v4 as uuid } from 'uuid'
import { remember, tabStorage } from '../../peer/tab-storage'

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

/** Makes a new token: the old one belongs to the tab that this one was copied from. */
export const renewToken = (id: string): string => {
  const value = uuid()
  if (!remember(keyOf(id), value)) memory.set(id, value)
  return value
}
