import { printPreview } from '../record/preview'
import type { RequestRecord } from '../record/request'

/** A store that is followed: a remote's by us, or ours by remotes. */
export interface FollowedStore {
  readonly name: string
  readonly direction: 'in' | 'out'
  /** Whose it is, where it is a remote's. */
  readonly remoteId: string
  /** How many remotes follow it, where it is ours. */
  readonly followers: number
}

/** The action by which stores are followed. Its input is the store's name. */
const followAction = 'nanopeer:store'

/** The stores that are followed now, as the requests say that follow them. */
export const storesOf = (running: readonly RequestRecord[], peerId: string): FollowedStore[] => {
  const stores = new Map<string, FollowedStore>()
  for (const record of running) {
    const { action, direction, remoteId, input, end } = record
    if (action !== followAction || record.peerId !== peerId || end || !input) continue
    const name = nameIn(printPreview(input))
    const key = JSON.stringify([direction, direction === 'out' ? remoteId : null, name])
    const followers = (stores.get(key)?.followers ?? 0) + 1
    stores.set(key, { name, direction, remoteId, followers })
  }
  return [...stores.values()]
}

/** The text that a quoted one stands for; what is no text, such as a remote may ask for, stays as it is printed. */
const nameIn = (printed: string): string => {
  try {
    return String(JSON.parse(printed))
  } catch {
    return printed
  }
}
