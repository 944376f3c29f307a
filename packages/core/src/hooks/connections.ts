import type { ReadableAtom } from 'nanostores'
import { NanopeerError } from '../base/errors'
import type { Connection, ConnectionStatus, ConnectOptions, Peer } from '../base/types'
import { isLinked, watchConnections } from '../connection/watch'
import { derive, type View } from '../derive'
import { peerControllerOf } from '../peer/controller'
import { checkTrust } from '../peer/trust'
import { isSameSnapshot } from '../request/equal'
import { shownStatus, trustOf } from './connection'
import { attempt, createView, passive, peek, remember, type Views } from './view'

/** One of many connections, and how it is. The same object while it says the same. */
export interface ConnectionEntry {
  readonly id: string
  /** Null for an id that cannot be. */
  readonly connection: Connection | null
  readonly status: ConnectionStatus['state']
  readonly error: NanopeerError | null
  /** When the next attempt is made, in epoch ms; null while none is due. */
  readonly retryAt: number | null
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

type ShownStatus = ReturnType<typeof shownStatus>

/** What is found under each id: a connection, or why there cannot be one. */
type Found = ReadonlyMap<string, Connection | NanopeerError>

const none: ConnectionsView = { connections: [], online: 0 }

/** What stands behind `useConnections`. */
export function createConnectionsViews(): Views<ConnectionsArguments, ConnectionsView> {
  const rowOf = rememberRows()
  const { view } = remember<ConnectionsArguments, Found | null, ConnectionsView>(
    (peer, ids, options) => [peer ?? null, JSON.stringify(ids), ...trustOf(options)],
    (shown, peer, ids, options) => {
      if (!peer || ids === null) return { subject: null, $view: createView([], none, () => none) }
      if (!ids) return { subject: null, $view: viewPresent(peer, rowOf) }
      const lookup = (id: string) => peerControllerOf(peer).lookup(id, options).handle
      const find = (id: string) => {
        if (options) checkTrust(options, id)
        const before = shown?.get(id)
        // Another secret is meant once it is on screen.
        return before && 'remoteId' in before && before.peer === peer ? before : lookup(id)
      }
      const found = new Map(ids.map((id) => [id, attempt(() => find(id))]))
      const use = () => {
        for (const [id, result] of found) if (!(result instanceof NanopeerError)) lookup(id)
      }
      return { subject: found, $view: viewNamed(found, rowOf), use }
    },
  )
  return { ...passive, view }
}

type RowOf = ReturnType<typeof rememberRows>

/** Makes rows that stay the same objects while they say the same, in another list, too. */
function rememberRows() {
  const rows = new WeakMap<Connection, ConnectionEntry>()
  return (connection: Connection, says: ShownStatus): ConnectionEntry => {
    const row = { id: connection.remoteId, connection, ...says }
    const before = rows.get(connection)
    if (before && isSameSnapshot(before, row)) return before
    rows.set(connection, row)
    return row
  }
}

/** Those who are there, of which none is held: one that is there because somebody looks would never go. */
function viewPresent({ $connections }: Peer, rowOf: RowOf): View<ConnectionsView> {
  const list = createList()
  const describe = (connection: Connection) => {
    const { state, error, retryAt } = peek(connection.$status)
    return rowOf(connection, { status: state, error, retryAt })
  }
  return derive(
    none,
    () => list(peek($connections).map(describe)),
    (changed) => watchConnections($connections, changed),
  )
}

function viewNamed(found: Found, rowOf: RowOf): View<ConnectionsView> {
  const list = createList()
  const init: ConnectionEntry[] = []
  const rows: (() => ConnectionEntry)[] = []
  const sources: ReadableAtom[] = []
  for (const [id, result] of found) {
    const waiting = { id, connection: null, status: 'connecting', error: null, retryAt: null } as const
    if (result instanceof NanopeerError) {
      const refused: ConnectionEntry = { ...waiting, status: 'closed', error: result }
      init.push(waiting)
      rows.push(() => refused)
    } else {
      init.push({ ...waiting, connection: result })
      rows.push(() => rowOf(result, shownStatus(result)))
      sources.push(result.$status)
    }
  }
  return createView(sources, { connections: init, online: 0 }, () => list(rows.map((row) => row())))
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
