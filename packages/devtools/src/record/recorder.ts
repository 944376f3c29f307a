import type {
  Connection,
  ConnectionStatus,
  DevtoolsListener,
  DevtoolsRequest,
  DevtoolsSource,
  NanopeerEvent,
  Peer,
  PeerStatus,
} from '@nanopeer/core'
import { onNotify } from 'nanostores'
import { ConnectionRecord } from './connection'
import { type Entry, recordError } from './entry'
import { PeerRecord } from './peer'
import { RequestLog } from './request-log'
import { RingBuffer } from './ring'

/** Events and changes of status that are kept. */
const keptEntries = 2000
/** Peers that are gone, and connections of one peer that are, of which something is still shown. */
const keptPeers = 20
const keptConnections = 200

/**
 * Writes down what happens to the peers of this page, within bounds, and holds none of them: it is told of changes by
 * `onNotify`, because to listen to a status keeps its connection open.
 */
export class Recorder implements DevtoolsListener {
  /** Oldest first. */
  readonly entries = new RingBuffer<Entry>(keptEntries)
  readonly requests = new RequestLog()
  readonly peers = new Map<Peer, PeerRecord>()
  private readonly listeners = new Set<() => void>()
  private readonly sources: DevtoolsSource[] = []
  private readonly unwatch = new Map<object, () => void>()

  constructor(private readonly now: () => number = Date.now) {}

  /** Hears of peers, events and requests of one copy of core. Returns its undo. */
  attach(source: DevtoolsSource): () => void {
    this.sources.push(source)
    for (const peer of source.peers.keys()) this.peer(peer)
    return source.listen(this)
  }

  /** Called whenever something has changed: often, and in the middle of core's work. Returns its undo. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Forgets what is over. */
  clear(): void {
    this.entries.clear()
    this.requests.clear()
    for (const { limitHits, connections, status, peer } of this.peers.values()) {
      if (status.state === 'destroyed') this.peers.delete(peer)
      limitHits.clear()
      for (const [remoteId, { isListed, connection }] of connections) {
        if (isListed) continue
        this.forget(connection)
        connections.delete(remoteId)
      }
    }
    this.changed()
  }

  peer(peer: Peer): void {
    const inspection = this.sources.map(({ peers }) => peers.get(peer)).find((found) => found !== undefined)
    if (!inspection || this.peers.has(peer)) return
    const record = new PeerRecord(peer, inspection)
    this.peers.set(peer, record)
    const undo = [
      onNotify(peer.$status, () => this.peerChanged(record)),
      onNotify(peer.$connections, () => this.listChanged(record)),
    ]
    this.unwatch.set(peer, () => {
      for (const stop of undo) stop()
    })
    this.listChanged(record)
  }

  event(event: NanopeerEvent, peer: Peer): void {
    const record = this.peers.get(peer)
    if (!record) return
    const { remoteId, ...happening } = event
    const now = this.now()
    this.entries.push({ at: now, peerId: peer.id, remoteId, happening } as Entry)
    const connection = remoteId === null ? undefined : record.connections.get(remoteId)
    switch (event.type) {
      case 'session-began':
        if (connection) connection.session = { since: now, resumed: 0 }
        break
      case 'session-resumed':
        if (connection?.session) {
          connection.session = { ...connection.session, resumed: connection.session.resumed + 1 }
        }
        break
      case 'link-up':
        if (event.inbound) connection?.dialled(now)
        break
      case 'limit-hit':
        record.limitHits.set(event.limit, (record.limitHits.get(event.limit) ?? 0) + 1)
        break
      case 'request-started':
        this.requests.find(event.direction, peer.id, event, now)
        break
      case 'request-ended':
        this.requests.ended(event.direction, peer.id, event, now)
        break
    }
    this.changed()
  }

  request(request: DevtoolsRequest): () => void {
    const { connection, requestId, action, direction } = request
    const name = typeof action === 'string' ? action : action.name
    const { remoteId, peer } = connection
    const record = this.requests.find(direction, peer.id, { remoteId, requestId, action: name }, this.now())
    record.describe(request, this.now, () => this.changed())
    this.changed()
    return () => {
      record.update(this.now())
      this.changed()
    }
  }

  private peerChanged(record: PeerRecord): void {
    const { status, peer } = record
    this.statusChanged(peer.id, null, status)
    if (status.error) record.lastError = recordError(status.error)
    if (status.state === 'destroyed') this.peerEnded(record)
    this.changed()
  }

  private peerEnded({ peer, connections }: PeerRecord): void {
    this.forget(peer)
    for (const { connection } of connections.values()) this.forget(connection)
    const gone = [...this.peers.values()].filter(({ status }) => status.state === 'destroyed')
    for (const record of gone.slice(0, -keptPeers)) this.peers.delete(record.peer)
  }

  private listChanged(record: PeerRecord): void {
    const listed = record.peer.$connections.value ?? []
    for (const connection of listed) this.follow(record, connection)
    for (const known of record.connections.values()) known.isListed = listed.includes(known.connection)
    const gone = [...record.connections.values()].filter(({ isListed }) => !isListed)
    for (const { remoteId, connection } of gone.slice(0, -keptConnections)) {
      this.forget(connection)
      record.connections.delete(remoteId)
    }
    this.changed()
  }

  private follow(record: PeerRecord, connection: Connection): void {
    const known = record.connections.get(connection.remoteId)
    if (known?.connection === connection) return
    // Another object under the same id: the application had let go of the one before.
    if (known) this.forget(known.connection)
    const made = known ?? new ConnectionRecord(connection)
    made.connection = connection
    record.connections.set(connection.remoteId, made)
    const undo = [
      onNotify(connection.$status, () => this.connectionChanged(record, made)),
      onNotify(connection.$stats, () => {
        made.measured()
        this.changed()
      }),
    ]
    this.unwatch.set(connection, () => {
      for (const stop of undo) stop()
    })
  }

  private connectionChanged({ id }: PeerRecord, connection: ConnectionRecord): void {
    const { status, remoteId } = connection
    this.statusChanged(id, remoteId, status)
    if (status.error) connection.lastError = recordError(status.error)
    if (status.state === 'closed' || status.state === 'idle') connection.session = null
    this.requests.update(connection.connection, this.now())
    this.changed()
  }

  private statusChanged(
    peerId: string,
    remoteId: string | null,
    { state, error }: ConnectionStatus | PeerStatus,
  ): void {
    const happening = { type: 'status', state, error: error && recordError(error) } as const
    this.entries.push({ at: this.now(), peerId, remoteId, happening })
  }

  private forget(watched: object): void {
    this.unwatch.get(watched)?.()
    this.unwatch.delete(watched)
  }

  private changed(): void {
    for (const listener of this.listeners) listener()
  }
}
