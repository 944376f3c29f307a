/**
 * The seam between the model, which loads with the page, and the engine, which has a wire in it and loads with PeerJS.
 * The model knows the engine by these types alone; the engine knows the model's types, and runs base leaves only.
 */
import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { ActionKind } from './base/action'
import type { Clock } from './base/clock'
import type { NanopeerError, RequestError } from './base/errors'
import type { NanopeerEvent } from './base/event'
import type { Limits } from './base/limits'
import type { PairingState } from './base/pairing'
import type { Registration } from './base/registration'
import type { Signalling, SignallingEvents, SignallingOptions, Transport } from './base/transport'
import type {
  Body,
  Connection,
  ConnectionStats,
  ConnectionStatus,
  ConnectOptions,
  Peer,
  PeerOptions,
} from './base/types'
import type { ConnectionEvent } from './connection/machine'
import type { PeerEvent } from './peer/machine'

/** What is loaded late: everything that travels. */
export interface Engine {
  /** Begins to drive a peer. Nothing is opened before `join()`. */
  drivePeer(host: PeerHost): PeerDriver
  /** What `Transport.join` of PeerJS does. */
  joinPeerjs(options: PeerjsJoin): Signalling
}

/** What the engine does for one peer. */
export interface PeerDriver {
  /** Begins to drive a connection. Nothing is dialled before it is asked to. */
  driveConnection(host: ConnectionHost): ConnectionDriver
  /** Registers the peer's id, until {@link detach}. */
  join(): void
  /** Looks for a better signalling state now. */
  retry(): void
  /** Gives the id back; links stay. Resolves when the server has heard of it. */
  detach(): Promise<void>
  /** Nobody's handshake is waited for any more: the peer is destroyed. */
  abort(): void
}

/** What a driver needs of its peer. */
export interface PeerHost {
  readonly id: string
  readonly options: PeerOptions
  /** The `server` that was given last: a peer registers at the first one, with the tokens of this one. */
  readonly latestServer: PeerOptions['server']
  readonly handle: Peer
  readonly transport: Transport
  readonly clock: Clock
  readonly limits: Limits
  /** The peer is being destroyed: nothing begins any more. */
  readonly isDestroyed: boolean
  transition(event: PeerEvent): void
  /** Somebody wants to hear of what happens. */
  readonly hearsEvents: boolean
  /** Tells whoever hears of it. Never throws. */
  happened(event: NanopeerEvent): void
  report(error: unknown, context: { readonly remoteId?: string; readonly action?: string }): void
  /** The handler of an action. */
  handlerOf(action: string): Registration | undefined
  /** What the app has asked of this remote. */
  wishesOf(remoteId: string): ConnectOptions | undefined
  /** Keys that nobody is served or asked under any more. */
  readonly revoked: ReadonlySet<string>
  /** The listed connection with this remote. */
  connectionWith(remoteId: string): ConnectionHost | undefined
  /** The connection with a remote that has dialled us, which is listed from now on. */
  inboundFrom(remoteId: string): ConnectionHost
  /** Connections with a session, of other remotes than this one; those that have been listed the longest first. */
  sessionsBeside(remoteId: string): readonly ConnectionHost[]
  /** Signalling is open again: whoever waits for it looks. */
  opened(): void
}

/** What the engine does for one connection: which session is on, which link carries it, when to dial. */
export interface ConnectionDriver {
  /** Requests travel now. */
  readonly isLinked: boolean
  /** There is something to talk over, or there will be again without a word lost. */
  readonly isOn: boolean
  /** The remote dialled it: it is theirs to keep or to close. */
  readonly inbound: boolean
  /** The remote is not nanopeer, as far as is known. */
  readonly isPlain: boolean
  /** Requests and streams that are not finished, in either direction. */
  readonly size: number
  /** Sends one attempt of a request. `again`: a second one, which waits for the next dial that is due. */
  request(request: OutgoingRequest, events: OutgoingRequestEvents, again: boolean): Exchange
  /** Sends a plain message, encoded as a value. Resolves when it was written to a link. */
  send(payload: Uint8Array): Promise<void>
  /** Tells of a request that began at `at`, on the clock; returns what to call when it has ended. */
  requestStarted(requestId: string, action: string, at: number): RequestEnded
  /** Somebody looks at the figures: `tell` hears them whenever one has changed. Returns its undo. */
  watchStats(tell: (stats: ConnectionStats) => void): () => void
  /** Nothing waits for its timer: the page or the network came back, or somebody has a request. */
  wake(): void
  /** Dials now. */
  dial(): void
  dialIfWanted(): void
  /** These options were given to the connection now, which had those before. */
  reconfigured(given: ConnectOptions, before: ConnectOptions): void
  /** What both sides must prove is another secret now: a session that has not proved it ends. */
  secretChanged(): void
  /** The key that the remote has proved in this session, and those that it replaces. */
  readonly keys: readonly string[]
  /** Ends the session now, and tells the remote that it is refused. */
  revoke(): void
  /** Drains, says goodbye, closes. Everything pending rejects with `error`. */
  close(error: NanopeerError): Promise<void>
  /** The page is going away: there is no time to drain. It may come back from the back/forward cache. */
  abort(): void
}

/** Tells that a request has ended, at `at` on the clock; null where all went well. */
export type RequestEnded = (error: RequestError | null, at: number) => void

/** What a driver needs of its connection. */
export interface ConnectionHost {
  readonly remoteId: string
  readonly handle: Connection
  readonly options: ConnectOptions
  /** This side wants the connection, so it dials and redials. */
  readonly outbound: boolean
  readonly isHeld: boolean
  readonly status: ConnectionStatus
  transition(event: ConnectionEvent): void
  /** What is talked over is another one now, or gone. */
  changed(): void
  /** Something new to talk over, not a resumed session, is open. */
  began(): void
  /**
   * A plain message. Returns why it is lost, the first time.
   *
   * @param weight about what it takes in memory, bytes
   * @param most bytes that may wait for a first listener
   */
  message(value: unknown, weight: number, most: number): NanopeerError | null
  /** The number of requests and streams changed. */
  busyChanged(): void
}

/** One attempt of a request, as it goes out. */
export interface OutgoingRequest {
  readonly action: string
  readonly kind: ActionKind
  /** Encoded already. */
  readonly input: Uint8Array
  readonly requestId: string | null
  /** An upload, unopened. */
  readonly body: Body | null
  /** Ms that a reader of bytes may wait for the next ones; 0 for ever. */
  readonly idleTimeout: number
  /** What the answer must match. */
  readonly output: StandardSchemaV1 | undefined
}

/** What an attempt tells its call. */
export interface OutgoingRequestEvents {
  /** The request was written to a link. */
  written(): void
  /** The first answer frame arrived; `total` bytes will follow where that is known. */
  answering(total: number | null): void
  uploaded(bytes: number): void
  downloaded(bytes: number): void
  /** Done on the wire: nothing more will be sent or arrive. */
  closed(): void
  /** Done for good: answered and read to the end, or failed, or cancelled. */
  finished(error: RequestError | null): void
}

/** One attempt of a request, wherever it goes. */
export interface Exchange {
  /** Settles exactly once: with the value, the `Response`, the iterable, or the error. */
  readonly answer: Promise<unknown>
  /** It has not been sent: there is nothing to send it over, or the device has no place for it yet. */
  readonly isWaiting?: boolean
  /** The asker gives up: the reader gets `error` at once. */
  cancel(error: NanopeerError): void
}

/** What the code that pairs, which loads late, needs of the peer. */
export interface PairingHost {
  readonly id: string
  readonly options: Pick<PeerOptions, 'identity' | 'known' | 'server' | 'iceServers'>
  readonly transport: Transport
  readonly clock: Clock
  /** Keys that are served no more: whoever pairs anew is. */
  readonly revoked: Set<string>
  /** Ends it; the reason is a `NanopeerError`. */
  readonly signal: AbortSignal
  show(state: PairingState): void
  /** The user is asked whether the new key is wanted: `answered` hears it. */
  asked(answered: (isWanted: boolean) => void): void
}

/** What joining a signalling server through PeerJS takes. */
export interface PeerjsJoin {
  readonly id: string
  readonly options: SignallingOptions
  readonly events: SignallingEvents
  readonly clock: Clock
  /** See `PeerjsTransportOptions`. */
  readonly closesEarly: boolean
  /** See `PeerjsTransportOptions`. */
  withWebSocket<Result>(open: () => Result): Result
  /** Loads PeerJS. */
  loadPeerjs(): Promise<typeof import('peerjs')>
}

/** What a transport of ours brings along. Internal: a transport of somebody else's has none of it. */
export interface Provision {
  /** There at once, where nothing may load late: fake timers cannot wait for an import, and Node has no need to. */
  readonly engine?: Engine
  /** Loads the engine late. @default from its own file */
  loadEngine?(): Promise<Engine>
  /** Begins to load what `join` needs besides the engine, so that both are on their way at once. */
  preload?(): Promise<unknown>
}

const provisions = Symbol.for('nanopeer.provision')

/** Puts a provision on a transport. It is seen by a copy of it, too. */
export const provide = <Given extends Transport>(transport: Given, provision: Provision): Given =>
  Object.assign(transport, { [provisions]: { ...provisionOf(transport), ...provision } })

export const provisionOf = (transport: Transport): Provision =>
  (transport as Transport & { readonly [provisions]?: Provision })[provisions] ?? {}
