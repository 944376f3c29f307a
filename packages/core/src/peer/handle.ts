import { createHandle } from '../handle'
import type { Peer } from '../types'
import type { PeerController } from './controller'

const controllers = new WeakMap<Peer, PeerController>()

/** What users hold; any framework may list, compare or keep it. */
export const createPeerHandle = (controller: PeerController): Peer => {
  const { id, $status } = controller
  const members: Peer = {
    id,
    $status,
    $connections: controller.connections.$connections,
    open: () => controller.open(),
    connect: (remoteId, options) => controller.connect(remoteId, options),
    handle: (action, handler) => controller.handleAction(action, handler),
    destroy: () => controller.destroy(),
  }
  const handle = createHandle('Peer', members, () => ({ id, status: $status.value?.state }))
  controllers.set(handle, controller)
  return handle
}

/** The controller behind a handle. */
export const controllerOfPeer = (peer: Peer): PeerController => controllers.get(peer) as PeerController
