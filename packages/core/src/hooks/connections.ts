import { NanopeerError } from '../base/errors'
import type { Connection, ConnectionStatus, ConnectOptions, Peer } from '../base/types'
import { connectionControllerOf } from '../connection/controller'
import { isLinked, watchConnections } from '../connection/watch'
import { derive, type View } from '../derive'
import { peerControllerOf } from '../peer/controller'
import { isSameSnapshot } from '../request/equal'
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

/** A peer, and the ids to dial; without ids, those who are there, whom nobody is dialled or kept for. */
export type ConnectionsArguments = readonly [
  peer: Peer | null | undefined,
  ids?: readonly string[] | null,
  options?: ConnectOptions,
]

const none: ConnectionsView = { connections: [], online: 0 }

/** What stands behind `useConnections`. */
export function createConnectionsViews(): Views<ConnectionsArguments, ConnectionsView> {
  const { view } = remember<ConnectionsArguments, null, ConnectionsView>(
    (peer, ids) => [peer ?? null, ids ? JSON.stringify(ids) : null],
    (_shown, peer, ids, options) => ({
      subject: null,
      $view: !peer
        ? createView([], none, () => none)
        : ids
          ? viewNamed(peer, [...new Set(ids)], options)
          : viewPresent(peer),
    }),
  )
  return { ...passive, view }
}

/** Those who are there, of which none is held: one that is there because somebody looks would never go. */
function viewPresent({ $connections }: Peer): View<ConnectionsView> {
  const list = createList()
  const now = () => list(peek($connections).map(describeConnection))
  return derive(none, now, (changed) => watchConnections($connections, changed))
}

function viewNamed(peer: Peer, ids: readonly string[], options?: ConnectOptions): View<ConnectionsView> {
  const list = createList()
  const found = ids.map(
    (id) => [id, attempt(() => peerControllerOf(peer).lookup(id, options).handle)] as const,
  )
  const sources = found.flatMap(([, result]) => (result instanceof NanopeerError ? [] : [result.$status]))
  const waiting = (id: string, connection: Connection | null): ConnectionEntry => ({
    id,
    connection,
    status: 'connecting',
    error: null,
    retryAt: null,
  })
  const init = found.map(([id, result]) => waiting(id, result instanceof NanopeerError ? null : result))
  const now = () =>
    list(
      found.map(([id, result]) => {
        if (result instanceof NanopeerError) return { ...waiting(id, null), status: 'closed', error: result }
        const entry = describeConnection(result)
        return isAtRest(entry, result) ? waiting(id, result) : entry
      }),
    )
  return createView(sources, { connections: init, online: 0 }, now)
}

/** Whether it is not held yet: what is about to be is connecting, whatever it was before. */
const isAtRest = ({ status }: ConnectionEntry, connection: Connection): boolean =>
  status === 'idle' || (status === 'closed' && !connectionControllerOf(connection).isHeld)

function describeConnection(connection: Connection): ConnectionEntry {
  const { state, error, retryAt } = peek(connection.$status)
  return { id: connection.remoteId, connection, status: state, error, retryAt }
}

/** Makes lists whose parts stay the same objects while they say the same, and the list along with them. */
function createList(): (entries: readonly ConnectionEntry[]) => ConnectionsView {
  let entriesBefore = new Map<string, ConnectionEntry>()
  let listBefore: readonly ConnectionEntry[] = []
  return (entries) => {
    const list = entries.map((entry) => {
      const before = entriesBefore.get(entry.id)
      return before && isSameSnapshot(before, entry) ? before : entry
    })
    if (!isSameSnapshot(listBefore, list)) listBefore = list
    entriesBefore = new Map(list.map((entry) => [entry.id, entry]))
    const online = list.filter(({ connection }) => connection && isLinked(connection)).length
    return { connections: listBefore, online }
  }
}
