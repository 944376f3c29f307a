import type { Connection, ConnectionStatus, Peer } from '@nanopeer/core'
import type { DeviceLog } from './log'

/** Ids are long; their beginning tells the open pages apart. */
export const nameOf = (connection: Connection): string => connection.remoteId.slice(0, 4)

/**
 * Tells of each state that a connection comes to, and that a remote has left. Watching neither dials nor holds anybody.
 * Returns its undo.
 */
export const onVisitors = (
  peer: Peer,
  heard: (connection: Connection, state: ConnectionStatus['state'] | 'left') => void,
): (() => void) => {
  const watched = new Map<Connection, () => void>()

  const watch = (connection: Connection) => {
    let known = ''
    return connection.$status.subscribe(({ state }) => {
      if (state === known || state === 'idle') return
      known = state
      heard(connection, state)
    })
  }

  const unlisten = peer.$connections.subscribe((connections) => {
    for (const connection of connections) {
      if (!watched.has(connection)) watched.set(connection, watch(connection))
    }
    for (const [connection, stop] of watched) {
      if (connections.includes(connection)) continue
      watched.delete(connection)
      stop()
      heard(connection, 'left')
    }
  })

  return () => {
    unlisten()
    for (const stop of watched.values()) stop()
  }
}

/** Tells the log who comes and goes. Returns its undo. */
export const logVisitors = (peer: Peer, log: DeviceLog): (() => void) =>
  onVisitors(peer, (connection, state) => {
    log.info(`${nameOf(connection)} ${state === 'left' ? 'left' : `is ${state}`}`)
  })
