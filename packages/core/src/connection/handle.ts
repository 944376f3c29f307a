import { createHandle } from '../handle'
import type { Connection } from '../types'
import type { ConnectionController } from './controller'

const controllers = new WeakMap<Connection, ConnectionController>()

/** What users hold; any framework may list, compare or keep it. */
export const createConnectionHandle = (controller: ConnectionController): Connection => {
  const { remoteId, $status } = controller
  const { peer } = controller.context
  const members: Connection = {
    remoteId,
    peer,
    $status,
    $stats: controller.stats.$stats,
    $requests: controller.$requests,
    request: (action, ...rest) => controller.calls.request(action, rest[0], rest[1]) as Promise<never>,
    send: (value) => controller.send(value),
    onMessage: (listener) => controller.onMessage(listener),
    reconnect: () => controller.reconnect(),
    close: () => controller.close(),
  }
  const toJSON = () => ({ remoteId, peer: peer.id, status: $status.value?.state })
  const handle = createHandle('Connection', members, toJSON)
  controllers.set(handle, controller)
  return handle
}

/** The controller behind a handle. */
export const controllerOf = (connection: Connection): ConnectionController =>
  controllers.get(connection) as ConnectionController
