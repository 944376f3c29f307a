import type { PlainChannel } from '../../base/transport'
import type { Environment } from './drain'
import { createLink } from './link'
import type { PeerjsConnection } from './peerjs'

/**
 * Wraps an open PeerJS connection to a remote that is not nanopeer.
 *
 * Must be called in the tick in which the channel opens, or messages are lost.
 */
export const createPlainChannel = (
  connection: PeerjsConnection,
  environment: Environment,
  metadata?: unknown,
): PlainChannel => {
  const { serialization, dataChannel, reliable } = connection
  // node-datachannel calls every channel of a remote ordered; what PeerJS says in its offer is what it asked for.
  const ordered = reliable && dataChannel?.ordered !== false
  // PeerJS before 1.5 sends its JSON as text.
  return Object.assign(createLink(connection, environment, metadata, true), { serialization, ordered })
}
