import type { Connection, Peer } from '@nanopeer/core'
import type { DeviceLog } from './log'

/** Ids are long; their beginning tells the open pages apart. */
export const nameOf = (connection: Connection): string => connection.remoteId.slice(0, 4)

/** Tells the log who comes and goes. Watching neither dials nor holds anybody. Returns its undo. */
export const logVisitors = (peer: Peer, log: DeviceLog): (() => void) => {
  const watched = new Map<Connection, () => void>()

  const watch = (connection: Connection) => {
    let known = ''
    return connection.$status.subscribe(({ state }) => {
      if (state === known || state === 'idle') return
      known = state
      log.info(`${nameOf(connection)} is ${state}`)
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
      log.info(`${nameOf(connection)} left`)
    }
  })

  return () => {
    unlisten()
    for (const stop of watched.values()) stop()
  }
}
