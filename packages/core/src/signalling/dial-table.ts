import { NanopeerError } from '../errors'

/** One dial under way through one server. */
export interface PendingDial {
  readonly remoteId: string
  readonly connectionId: string
  /** Ends it, unless it is over already. */
  fail(error: NanopeerError): void
}

export interface DialTable {
  /** Returns its undo. */
  add(dial: PendingDial): () => void
  answered(connectionId: string): void
  isUnanswered(connectionId: string): boolean
  /** The server cannot reach this remote: dials it has not answered are over. */
  unavailable(remoteId: string): void
  /** Offers that were on their way may be lost: dials not answered are over. */
  signallingLost(error: NanopeerError): void
}

/**
 * Which dials wait for an answer. PeerServer's EXPIRE names the remote and no connection, and candidates trigger
 * it too, so it may only end what was not answered: never an open link.
 */
export const createDialTable = (): DialTable => {
  const unanswered = new Map<string, PendingDial>()

  const failAll = (error: NanopeerError, remoteId?: string) => {
    for (const dial of [...unanswered.values()]) {
      if (remoteId === undefined || dial.remoteId === remoteId) dial.fail(error)
    }
  }

  return {
    add(dial) {
      unanswered.set(dial.connectionId, dial)
      return () => unanswered.delete(dial.connectionId)
    },
    answered: (connectionId) => unanswered.delete(connectionId),
    isUnanswered: (connectionId) => unanswered.has(connectionId),
    unavailable: (remoteId) =>
      failAll(
        new NanopeerError(
          'PEER_UNAVAILABLE',
          `No device is registered as "${remoteId}". Check the id, and that the device runs and uses the same server.`,
        ),
        remoteId,
      ),
    signallingLost: (error) => failAll(error),
  }
}
