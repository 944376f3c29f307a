import { type Connection, nameCauses, type Peer } from '@nanopeer/core'
import { action, logger } from '@nanostores/logger'
import { onSet } from 'nanostores'

/** Logs a peer and every connection that it has or gets, and holds none of them open. Returns its undo. */
export const logPeer = (peer: Peer): (() => void) => {
  const undo: (() => void)[] = []
  const logged = new Set<Connection>()
  const log = (name: string, { $status }: Peer | Connection) => {
    undo.push(nameCauses(action, $status), logger({ [name]: $status }))
  }
  const logNew = (connections: readonly Connection[] = []) => {
    for (const connection of connections) {
      if (logged.has(connection)) continue
      logged.add(connection)
      log(`${peer.id} → ${connection.remoteId}`, connection)
    }
  }
  log(peer.id, peer)
  logNew(peer.$connections.value)
  undo.push(onSet(peer.$connections, ({ newValue }) => logNew(newValue)))
  return () => {
    for (const stop of undo) stop()
  }
}
