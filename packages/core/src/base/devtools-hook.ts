import type { NanopeerEvent } from './event'
import type { Limits } from './limits'
import type { IceServers, Transport } from './transport'
import type { ActionLike, Connection, Peer, PendingRequest } from './types'

/** What a peer tells developer tools besides what its users see: neither its secret nor what it has proved. */
export interface PeerInspection {
  readonly limits: Limits
  /** What `diagnose()` is to ask. */
  readonly iceServers: IceServers | undefined
  /** The actions that it answers now, nanopeer's own included. */
  handlerNames(): readonly string[]
  /** Keeps `connection.$stats` up to date, once a second, and holds nothing open. Returns its undo. */
  measure(connection: Connection): () => void
}

/** One request, with what is asked and answered. */
export interface DevtoolsRequest {
  /** `out`: we ask; `in`: the remote asks, and our handler runs now. */
  readonly direction: 'in' | 'out'
  readonly connection: Connection
  /** As events name it. */
  readonly requestId: string
  /** Our requests: what was asked, to be asked again. Requests of the remote: the action's name. */
  readonly action: ActionLike
  readonly input: unknown
  /** Bytes go along. */
  readonly hasBody: boolean
  /** What the asker gets, or what the handler returned. Its rejection is for the tool to handle. */
  readonly answer: Promise<unknown>
  /** As `connection.$requests` lists it now; there for our own requests. */
  look?(): PendingRequest
}

/** Who listens to a copy of core. What it is told is told in the middle of core's work: none of this may throw. */
export interface DevtoolsListener {
  /** A peer was made. */
  peer(peer: Peer): void
  /** What every peer's `onEvent` would hear; nothing is made for it where nobody listens. */
  event(event: NanopeerEvent, peer: Peer): void
  /** A request begins; what this returns is called whenever something about a request of ours has changed. */
  request(request: DevtoolsRequest): (() => void) | undefined
}

/** What a copy of core shows to developer tools: internal, and kept stable for them. */
export interface DevtoolsSource {
  /** Peers that live now. */
  readonly peers: ReadonlyMap<Peer, PeerInspection>
  /** Tells of everything from now on. Returns its undo. */
  listen(listener: DevtoolsListener): () => void
}

/** What stands under `Symbol.for('nanopeer.devtools')` in the global scope, once a peer was made or a tool has asked. */
export interface DevtoolsHook {
  /** One for each copy of core in this page. */
  readonly sources: DevtoolsSource[]
  /** A tool's: hears of a copy of core that comes later. */
  onSource?(source: DevtoolsSource): void
  /** A tool's: gives peers that join from now on another transport in place of theirs, to try faults. */
  wrapTransport?(transport: Transport): Transport
}

type Scope = { [name: symbol]: DevtoolsHook | undefined }

const peers = new Map<Peer, PeerInspection>()
const listeners = new Set<DevtoolsListener>()

const source: DevtoolsSource = {
  peers,
  listen(listener) {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}

/** What stands in the global scope. */
export const devtoolsHook = (): DevtoolsHook => {
  const scope = globalThis as unknown as Scope
  const name = Symbol.for('nanopeer.devtools')
  scope[name] ??= { sources: [] }
  return scope[name]
}

/** A peer was made in this page. Returns its undo, for when it is destroyed. */
export const showPeer = (peer: Peer, inspection: PeerInspection): (() => void) => {
  const hook = devtoolsHook()
  if (!hook.sources.includes(source)) {
    hook.sources.push(source)
    hook.onSource?.(source)
  }
  peers.set(peer, inspection)
  for (const listener of listeners) listener.peer(peer)
  return () => peers.delete(peer)
}

/** Whether any tool listens. */
export const isWatched = (): boolean => listeners.size > 0

/** Tells the tools that listen. */
export const showEvent = (event: NanopeerEvent, peer: Peer): void => {
  for (const listener of listeners) listener.event(event, peer)
}

/** Tells the tools that listen; returns what to call when something about the request has changed. */
export const showRequest = (request: DevtoolsRequest): (() => void) => {
  const changed = [...listeners].map((listener) => listener.request(request))
  return () => {
    for (const tell of changed) tell?.()
  }
}
