import type { ServerMessage } from './peerjs'

/** Connections that may have candidates waiting, and candidates per connection: a stranger can send any number. */
const maxConnections = 64
const maxCandidates = 64

export interface EarlyCandidates {
  hold(src: string, connectionId: string, candidate: ServerMessage): void
  /** What was held for this connection, in order; it is forgotten here. */
  take(src: string, connectionId: string): readonly ServerMessage[]
}

/**
 * Candidates that came before the description they belong to. PeerJS keeps such messages for ever and without
 * bound; here the source that has most makes room, with its oldest connection.
 */
export const createEarlyCandidates = (): EarlyCandidates => {
  /** By source, then by connection. */
  const held = new Map<string, Map<string, ServerMessage[]>>()

  const take = (src: string, connectionId: string): readonly ServerMessage[] => {
    const own = held.get(src)
    const list = own?.get(connectionId) ?? []
    own?.delete(connectionId)
    if (own?.size === 0) held.delete(src)
    return list
  }

  const makeRoom = () => {
    let all = 0
    let largest = { src: '', size: 0, oldest: '' }
    for (const [src, own] of held) {
      const { size } = own
      const [oldest = ''] = own.keys()
      all += size
      if (size > largest.size) largest = { src, size, oldest }
    }
    if (all > maxConnections) take(largest.src, largest.oldest)
  }

  return {
    hold(src, connectionId, candidate) {
      const own = held.get(src) ?? new Map<string, ServerMessage[]>()
      const list = own.get(connectionId) ?? []
      if (list.length < maxCandidates) list.push(candidate)
      held.set(src, own.set(connectionId, list))
      makeRoom()
    },
    take,
  }
}
