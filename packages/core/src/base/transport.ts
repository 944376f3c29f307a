import type { Clock } from './clock'
import type { NanopeerError } from './errors'

/**
 * Where links come from. The core knows only this: PeerJS in a browser (`signalling/`), PeerJS over
 * node-datachannel in Node (`@nanopeer/node`), or an in-memory network in tests (`testing/`).
 */
export interface Transport {
  /** False where there is no WebRTC (a server render): then nothing is opened and nothing registered. */
  isSupported(): boolean
  /** Registers `id` with the signalling server(s) and keeps it registered until `leave()`. */
  join(id: string, options: SignallingOptions, events: SignallingEvents): Signalling
  /** @default the system's clock */
  readonly clock?: Clock | undefined
  /**
   * A stream for tracks that arrive, empty. Absent, or null, where links carry no audio and video: media actions are
   * `UNSUPPORTED` there.
   */
  createStream?(): MediaStream | null
}

/** A PeerServer. PeerJS's own option names. */
export interface ServerOptions {
  readonly host: string
  /** @default 443 when secure, else 9000 */
  readonly port?: number | undefined
  /** @default '/' */
  readonly path?: string | undefined
  /** @default true, except for loopback hosts */
  readonly secure?: boolean | undefined
  /** @default 'peerjs' */
  readonly key?: string | undefined
  /**
   * What proves to the server that this device may have its id, such as a JWT: asked before every registration, since such a token
   * should not live for long. A server that knows nothing of tokens gives the id to whoever shows the same one.
   *
   * @default a random one for each id, tab and server
   */
  readonly token?: string | (() => string | Promise<string>) | undefined
}

/** STUN and TURN servers, or a function asked before every dial, so that TURN credentials can be refreshed. */
export type IceServers =
  | readonly RTCIceServer[]
  | (() => readonly RTCIceServer[] | Promise<readonly RTCIceServer[]>)

export interface SignallingOptions {
  readonly server?: ServerOptions | readonly ServerOptions[] | undefined
  readonly iceServers?: IceServers | undefined
  /** Connections that remotes may have half open here, all together. @default 64 */
  readonly handshakes?: number | undefined
}

/** What signalling reports. It retries by itself with back-off and jitter for as long as it is joined. */
export interface SignallingEvents {
  /** An attempt to register is being made. */
  connecting(): void
  /** Registered with at least one server. */
  open(): void
  /**
   * Registered nowhere. `retryAt` is the epoch time in ms of the next attempt, null when trying again cannot
   * help. `ID_TAKEN` is retried: the server lets go of a dead tab's id after up to 90 s.
   */
  disconnected(error: NanopeerError, retryAt: number | null): void
  /** One of several servers says that the id is taken, whatever the others say. */
  taken?(): void
  /** A remote dials us: asked once per dial. @default everyone may try, as a stranger */
  offer?(offer: IncomingOffer): Verdict | Promise<Verdict>
  /** A remote dialled us and its channel is open. Called before any of its messages is delivered. */
  link(link: Link, standing: Standing): void
  /** A plain PeerJS remote (another label or serialization) dialled us. */
  plain(channel: PlainChannel, standing: Standing): void
  /** A plain PeerJS remote calls us, and rings until the call is begun or closed. @default nobody answers */
  call?(call: Call, standing: Standing): void
}

/** What is known of a remote that dials, from nothing to its knowing our secret. A higher one never makes room for a lower. */
export type Standing = 'stranger' | 'known' | 'proved'

/** What becomes of an offer: it is answered, not answered, or not answered and told so at once. */
export type Verdict = Standing | 'ignored' | 'busy'

/** A remote that dials us. */
export interface IncomingOffer {
  readonly remoteId: string
  /** Chosen by the remote; new with every offer. */
  readonly connectionId: string
  /** What came of the dialler's {@link DialOptions.credential}; null where there is none. */
  readonly credential: string | null
  /** It is a PeerJS client that calls, with audio and video: no link follows. */
  readonly isCall?: boolean | undefined
}

export interface DialOptions {
  /** Goes with the offer: whoever passes it on reads it, and may change it. At most 4 KiB as JSON. */
  readonly metadata?: unknown
  /**
   * What shows the remote, before it opens anything, that we may come in. Goes with the offer of this connection alone; then
   * `metadata` does not.
   */
  credential?(connectionId: string): Promise<string | undefined>
  /** The remote is there and answers; the path to it may still take a while, or not come about. */
  answered?(): void
  /** Aborted at the deadline or when nobody wants the link any more; the reason is a `NanopeerError`. */
  readonly signal: AbortSignal
}

export interface Signalling {
  /**
   * Opens a channel to a remote, waiting for signalling to be open first. Rejects with `PEER_UNAVAILABLE`,
   * `NETWORK` or the signal's reason; `cause` says which stage failed ({@link DialFailure}).
   */
  dial(remoteId: string, options: DialOptions): Promise<Link>
  /** The same towards a plain PeerJS remote (PeerJS's default serialization). */
  dialPlain(remoteId: string, options: DialOptions): Promise<PlainChannel>
  /**
   * A call to a plain PeerJS remote, which is placed when it is begun. Absent where there are none.
   *
   * @param metadata at most 4 KiB as JSON
   */
  call?(remoteId: string, metadata: unknown): Call
  /** Tries again now: the page came back, the network changed, somebody pressed Retry. */
  retry(): void
  /** Gives the id back to the server. Live links are undisturbed; resolves when the socket is closed. */
  leave(): Promise<void>
}

/** The `cause` of a `KEY_CHANGED`. */
export interface KeyChange extends DialFailure {
  readonly stage: 'authentication'
  /** The key that was pinned, or is known. */
  readonly expected: string
  /** The key of whoever answers; null where he shows none. */
  readonly shown: string | null
}

/** How far a dial that failed had come: the `cause` of its error. */
export interface DialFailure {
  readonly stage: 'signalling' | 'offer' | 'ice' | 'authentication' | 'handshake'
  /** Whether any relay (TURN) candidate was gathered; without one two symmetric NATs never meet. */
  readonly relayCandidate?: boolean | undefined
  /** A sentence that a person can act on. */
  readonly explain: string
}

export interface LinkEvents {
  /** One message, whole. The bytes belong to the receiver. */
  message(bytes: Uint8Array): void
  /** `bufferedAmount` fell to `lowWater` or below. May be missed by some implementations. */
  drained(): void
  /**
   * The channel is gone. Called once; nothing follows. `byRemote`: the other side closed it on purpose (its page was
   * closed, its process ended cleanly), as told by a channel that closes while its path still works.
   */
  closed(byRemote: boolean): void
}

/** One WebRTC data channel: ordered, reliable, messages out, messages in. */
export interface Link {
  readonly remoteId: string
  /** What came with the offer; undefined on our own dials. Anybody may have said it. */
  readonly metadata: unknown
  /** `sctp.maxMessageSize`, or null where it is unknown. */
  readonly maxMessageSize: number | null
  /** Bytes handed to `send` that have not left yet. */
  readonly bufferedAmount: number
  /** Below this many buffered bytes `drained` is reported. Set by the session. */
  lowWater: number
  /**
   * Attaches the one reader. What arrived before is delivered first, in order, in this call (a link may be left
   * unread for a while, but holds at most 64 KiB unread, each message counted with 512 bytes more: more closes it). A `closed` that happened before is
   * delivered too. Returns its undo.
   */
  listen(events: LinkEvents): () => void
  /**
   * Throws nothing: on a dead channel the message is dropped and `closed` follows. The bytes are the caller's again when
   * it returns.
   */
  send(message: Uint8Array<ArrayBuffer>): void
  /** Sends what is buffered, then closes. Resolves when closed, at the latest after `drainTimeout` ms (2 s). */
  close(drainTimeout?: number): Promise<void>
  stats(): Promise<LinkStats>
  /** What audio and video travel on beside the messages; null, or absent, where there is none. */
  readonly trackConnection?: TrackConnection | null | undefined
  /**
   * SHA-256 of both certificates *in use*, for authentication.
   *
   * @throws `NanopeerError` `UNSUPPORTED` where they cannot be known for certain.
   */
  fingerprints(): Promise<{ local: Uint8Array; remote: Uint8Array }>
}

/** The part of a link's own `RTCPeerConnection` by which tracks travel; its descriptions go through the link. */
export type TrackConnection = Pick<
  RTCPeerConnection,
  | 'addTransceiver'
  | 'getTransceivers'
  | 'setLocalDescription'
  | 'setRemoteDescription'
  | 'localDescription'
  | 'remoteDescription'
  | 'getStats'
  | 'close'
>

export interface LinkStats {
  /** How the link travels; null while no pair is selected. */
  readonly route: 'direct' | 'relay' | null
  /** Round trip of the ICE layer in ms, where it is measured. */
  readonly rtt: number | null
  /** Grows whenever anything at all arrived (DTLS packets, STUN answers), even while our page was busy. */
  readonly packetsSeen: number | null
}

/** What a call tells whoever has begun it. */
export interface CallEvents {
  /** There is a path: what is sent arrives. */
  connected(): void
  /** A track of the remote's is there. */
  track(track: MediaStreamTrack): void
  /** It is over; null where the remote has hung up. Called once; nothing follows. */
  ended(error: NanopeerError | null): void
}

/** A PeerJS `call`, the remote's or ours: audio and video both ways, on a connection of their own. */
export interface Call {
  readonly remoteId: string
  /** The remote's own choice where it calls. */
  readonly callId: string
  /** What the caller says with it. Anybody may have said it. */
  readonly metadata: unknown
  /** What sends our tracks, once it is placed or answered. */
  readonly senders: readonly RTCRtpSender[]
  /** Places it, or answers it, and sends `stream`. Once; until then the remote has heard nothing of us. */
  begin(stream: MediaStream | null, events: CallEvents): void
  /** Hangs up, or leaves it unanswered. `ended` is not called any more. */
  close(): void
}

/** A data channel to a peer that is not nanopeer: its messages are in one of PeerJS's own formats. */
export interface PlainChannel extends Omit<Link, 'fingerprints' | 'trackConnection'> {
  /** PeerJS's name of the format: `binary` (its default), `json` or `raw`; or one of somebody's own. */
  readonly serialization: string
  /** Whether messages arrive in the order in which they were sent. By PeerJS's default they need not. */
  readonly ordered: boolean
  /**
   * Bytes that may wait for the reader, each message counted with 512 bytes more: more closes the channel. A PeerJS client waits for no handshake before it
   * sends, so this is raised as soon as the remote is accepted.
   * @default 65536
   */
  maxUnread: number
}
