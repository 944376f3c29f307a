import type { PeerOptions, ServerOptions } from '@nanopeer/core'
import { secret } from './secret'
import { iceServers } from './settings'

/** The same for every island: `usePeer` gives all of them the one peer of this tab. */
export const peerOptions = (server: ServerOptions): PeerOptions => ({ server, secret, iceServers })
