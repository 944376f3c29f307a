import type { Connection, ConnectOptions, Peer } from '../base/types'
import { isLinked, watchConnections } from '../connection/watch'
import { derive, undoAll, type View } from '../derive'
import { isSameSnapshot } from '../request/equal'
import { createPath, type Path, type ShownPath, trustOf } from './path'
import { nothing, peek, remember, type Views } from './view'

/** One of many connections, and how it is. The same object while it says the same. */
export interface ConnectionEntry extends ShownPath {
  readonly id: string
}

/** What `useConnections` gives. */
export interface ConnectionsView {
  readonly connections: readonly ConnectionEntry[]
  /** How many of them there is a link to. */
  readonly online: number
}

/** A peer, and the ids to dial; null for "not yet". Without ids, those who are there, whom nobody is dialled or kept for. */
export type ConnectionsArguments = readonly [
  peer: Peer | null | undefined,
  ids?: readonly string[] | null,
  options?: ConnectOptions,
]

const none: ConnectionsView = { connections: [], online: 0 }

/** What stands behind `useConnections`. */
export function createConnectionsViews(): Views<ConnectionsArguments, ConnectionsView> {
  const rowOf = rememberRows()
  return remember<ConnectionsArguments, ReadonlyMap<string, Path> | null, ConnectionsView>(
    (peer, ids, options) => [peer ?? null, JSON.stringify(ids), ...Object.values(trustOf(options))],
    (shown, peer, ids, options) => {
      if (!peer || ids === null) return nothing(none)
      if (!ids) return { subject: null, $view: viewPresent(peer, rowOf) }
      const paths = new Map(ids.map((id) => [id, createPath(peer, id, options, shown?.get(id))]))
      return { subject: paths, $view: viewNamed(paths, rowOf) }
    },
  )
}

type RowOf = ReturnType<typeof rememberRows>

/** Makes rows that stay the same objects while they say the same, in another list, too. */
function rememberRows() {
  const rows = new WeakMap<object, ConnectionEntry>()
  /** @param of whose row it is, from list to list */
  return (of: object, row: ConnectionEntry): ConnectionEntry => {
    const before = rows.get(of)
    if (before && isSameSnapshot(before, row)) return before
    rows.set(of, row)
    return row
  }
}

/** Those who are there, of which none is held: one that is there because somebody looks would never go. */
function viewPresent({ $connections }: Peer, rowOf: RowOf): View<ConnectionsView> {
  const list = createList()
  const describe = (connection: Connection) => {
    const { state, error, retryAt } = peek(connection.$status)
    return rowOf(connection, { id: connection.remoteId, connection, status: state, error, retryAt })
  }
  return derive(
    none,
    () => list(peek($connections).map(describe)),
    (changed) => watchConnections($connections, changed),
  )
}

function viewNamed(paths: ReadonlyMap<string, Path>, rowOf: RowOf): View<ConnectionsView> {
  const list = createList()
  const all = [...paths]
  const row = ([id, path]: [string, Path]) => {
    const shown = path.now()
    return rowOf(shown.connection ?? path, { id, ...shown })
  }
  return derive<ConnectionsView>(
    { connections: all.map(([id, { init }]) => ({ id, ...init })), online: 0 },
    () => list(all.map(row)),
    (changed) => undoAll(...all.map(([, path]) => path.hold(changed))),
  )
}

/** Makes a list that stays the same one while its rows do. */
function createList(): (rows: readonly ConnectionEntry[]) => ConnectionsView {
  let before: readonly ConnectionEntry[] = []
  return (rows) => {
    if (!isSameSnapshot(before, rows)) before = rows
    const online = rows.filter(({ connection }) => connection && isLinked(connection)).length
    return { connections: before, online }
  }
}
