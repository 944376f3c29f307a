import { NanopeerError } from '../../base/errors'

/** One dial under way through one server. */
export interface PendingDial {
  readonly remoteId: string
  readonly connectionId: string
  fail(error: NanopeerError): void
  answered?(): void
}

export interface DialTable {
  /** Returns its undo. */
  add(dial: PendingDial): () => void
  answered(connectionId: string): void
  isUnanswered(connectionId: string): boolean
  /** The server cannot reach this remote: dials it has not answered are over. */
  unavailable(remoteId: string): void
  /** The remote says that nothing comes of this dial, because it leaves. */
  left(remoteId: string, connectionId: string): void
  /** The remote says that it has too many dials to answer this one. */
  busy(remoteId: string, connectionId: string): void
  /** Offers that were on their way may be lost: dials not answered are over. */
  signallingLost(error: NanopeerError): void
  /** Every dial is over. */
  failAll(error: NanopeerError): void
}

/**
 * Which dials wait for an answer. PeerServer's EXPIRE names the remote and no connection, and candidates trigger
 * it too, so it may only end what was not answered: never an open link.
 */
export const createDialTable = (): DialTable => {
  const dials = new Map<string, PendingDial>()
  const unanswered = new Set<string>()

  const fail = (error: NanopeerError, which: (dial: PendingDial) => boolean) => {
    for (const dial of [...dials.values()].filter(which)) dial.fail(error)
  }

  return {
    add(dial) {
      dials.set(dial.connectionId, dial)
      unanswered.add(dial.connectionId)
      return () => {
        dials.delete(dial.connectionId)
        unanswered.delete(dial.connectionId)
      }
    },
    answered(connectionId) {
      if (unanswered.delete(connectionId)) dials.get(connectionId)?.answered?.()
    },
    isUnanswered: (connectionId) => unanswered.has(connectionId),
    unavailable: (remoteId) =>
      fail(
        new NanopeerError(
          'PEER_UNAVAILABLE',
          `No device is registered as "${remoteId}". Check the id, and that the device runs and uses the same server.`,
        ),
        (dial) => dial.remoteId === remoteId && unanswered.has(dial.connectionId),
      ),
    left: (remoteId, connectionId) =>
      fail(
        new NanopeerError('CONNECTION_LOST', `"${remoteId}" left while it was being dialled.`),
        (dial) => dial.remoteId === remoteId && dial.connectionId === connectionId,
      ),
    busy: (remoteId, connectionId) =>
      fail(
        new NanopeerError(
          'OVERLOADED',
          `"${remoteId}" is dialled by too many that it does not know; try again later.`,
        ),
        (dial) => dial.remoteId === remoteId && dial.connectionId === connectionId,
      ),
    signallingLost: (error) => fail(error, (dial) => unanswered.has(dial.connectionId)),
    failAll: (error) => fail(error, () => true),
  }
}
