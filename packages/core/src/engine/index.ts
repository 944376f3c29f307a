import type { Engine } from '../engine'
import { EnginePeerDriver } from './peer'
import { joinPeerjs } from './signalling/join'

/** Everything that travels: what the model loads when the first peer is held. */
export const engine: Engine = {
  drivePeer: (host) => new EnginePeerDriver(host),
  joinPeerjs,
}
