import {
  createPeer as createCorePeer,
  getPeer as getCorePeer,
  type Peer,
  type PeerOptions,
} from '@nanopeer/core'
import { nodeTransport } from './transport'

/**
 * Creates this process's peer under a device id: core's `createPeer`, with WebRTC and WebSocket for Node.
 *
 * @throws `NanopeerError` `ID_TAKEN` where this process has a live peer under the id: use {@link getPeer}.
 * @example
 * const nas = createPeer('nas', { accept: ['laptop'] })
 * nas.handle(listFiles, ({ path }) => readFolder(path))
 * await nas.open()
 */
export const createPeer = (id: string, options?: PeerOptions): Peer =>
  createCorePeer(id, withTransport(options))

/** The one peer of this process under an id, created on first use; the first options win. */
export const getPeer = (id: string, options?: PeerOptions): Peer => getCorePeer(id, withTransport(options))

const withTransport = (options: PeerOptions = {}): PeerOptions => ({
  ...options,
  transport: options.transport ?? nodeTransport,
})
