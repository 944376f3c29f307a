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
 * bound; here the oldest connection makes room.
 */
export const createEarlyCandidates = (): EarlyCandidates => {
  const held = new Map<string, ServerMessage[]>()
  const keyOf = (src: string, connectionId: string) => JSON.stringify([src, connectionId])

  return {
    hold(src, connectionId, candidate) {
      const key = keyOf(src, connectionId)
      const list = held.get(key) ?? []
      if (list.length < maxCandidates) list.push(candidate)
      held.set(key, list)
      if (held.size <= maxConnections) return
      const oldest = held.keys().next()
      if (!oldest.done) held.delete(oldest.value)
    },
    take(src, connectionId) {
      const key = keyOf(src, connectionId)
      const list = held.get(key) ?? []
      held.delete(key)
      return list
    },
  }
}
