import type { PeerError } from 'peerjs'
import { devtoolsHook } from '../../base/devtools-hook'
import { NanopeerError, ofAnotherCopy } from '../../base/errors'
import { type ServerAddress, serverName } from './server-address'

/** An error of PeerJS's `Peer` as one of ours, with a message that says what to do. */
export const fromPeerError = (error: PeerError<string>, id: string, server: ServerAddress): NanopeerError => {
  const where = serverName(server)
  switch (error.type) {
    case 'unavailable-id':
      return idTaken(
        id,
        `Another device is registered as "${id}" at ${where}. Close it or use another id; ` +
          `the id of a device that died is free again after at most 90 seconds.`,
        { cause: error },
      )
    case 'invalid-id':
      return invalidId(id, error)
    case 'browser-incompatible':
      return new NanopeerError('UNSUPPORTED', 'This environment has no WebRTC, which nanopeer needs.', {
        cause: error,
      })
    case 'server-error':
    case 'invalid-key':
      return new NanopeerError(
        'NETWORK',
        `The signalling server ${where} refused: ${error.message}. Check the server option, its key above all.`,
        { cause: error },
      )
    default:
      return unreachable(server, error)
  }
}

/** Another tab of this browser is open under the same id. */
export const heldByTab = (id: string): NanopeerError =>
  idTaken(
    id,
    `Another tab of this browser is open as "${id}". Close it, or give each tab an id of its own with tabId().`,
  )

/** Another socket registered the same id with the same token, and the server ended ours. */
export const displaced = (id: string, server: ServerAddress): NanopeerError =>
  idTaken(
    id,
    `Another window or process registered as "${id}" at ${serverName(server)} with the same token. Close it, or give each ` +
      'an id of its own; then try again.',
  )

/** The server did not answer, or went away. */
export const unreachable = (server: ServerAddress, cause?: unknown): NanopeerError =>
  new NanopeerError(
    'NETWORK',
    `The signalling server ${serverName(server)} cannot be reached. Check that it runs, that host, port, path ` +
      'and secure are right, and that this device is online.',
    { cause },
  )

/** An id that PeerServer would not take. */
const invalidId = (id: string, cause?: unknown): NanopeerError =>
  new NanopeerError(
    'INVALID_ID',
    `"${id}" cannot be a device id: letters and digits, with single spaces, dashes or underscores between them.`,
    { cause },
  )

/** Nobody outside has the id where a peer of another copy of nanopeer has it in here. */
const idTaken = (id: string, text: string, options?: ErrorOptions): NanopeerError => {
  const holders = devtoolsHook().sources.filter(({ peers }) =>
    [...peers.keys()].some((peer) => peer.id === id),
  )
  const isHere = holders.length > 1
  return new NanopeerError('ID_TAKEN', isHere ? ofAnotherCopy(`This program's own "${id}"`) : text, options)
}
