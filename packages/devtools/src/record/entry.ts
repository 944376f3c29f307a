import type { ConnectionStatus, NanopeerError, NanopeerEvent, PeerStatus } from '@nanopeer/core'

/** An event without the remote's id, which its entry has. */
type WithoutRemote<Event> = Event extends NanopeerEvent ? Omit<Event, 'remoteId'> : never

/** What an entry says: an event of core's, or a status that has changed. */
export type Happening =
  | WithoutRemote<NanopeerEvent>
  | {
      readonly type: 'status'
      readonly state: ConnectionStatus['state'] | PeerStatus['state']
      readonly error: ErrorRecord | null
    }

/** Something that happened. */
export interface Entry {
  /** Epoch ms. */
  readonly at: number
  readonly peerId: string
  /** Null for what concerns the peer itself. */
  readonly remoteId: string | null
  readonly happening: Happening
}

/** An error as it is kept: words, and nothing that would hold an application's objects. */
export interface ErrorRecord {
  readonly code: string
  readonly message: string
  /** How far a dial had come, where it was one that failed. */
  readonly stage: string | null
  /** What to do about it, in a sentence. */
  readonly explain: string | null
}

/** What is kept of an error. Its cause says how far a dial had come; that of a lost session is the last dial's error. */
export const recordError = (error: NanopeerError): ErrorRecord => {
  const { code, message } = error
  for (let cause: unknown = error.cause, depth = 0; depth < 4; depth++) {
    if (typeof cause !== 'object' || cause === null) break
    const { stage, explain, cause: next } = cause as Record<string, unknown>
    if (typeof stage === 'string') {
      return { code, message, stage, explain: typeof explain === 'string' ? explain : null }
    }
    cause = next
  }
  return { code, message, stage: null, explain: null }
}
