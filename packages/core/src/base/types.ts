import type { ReadableAtom } from 'nanostores'
import type { Action, ActionKind, BytesOutput } from './action'
import type { NanopeerError, RequestError } from './errors'
import type { NanopeerEvent } from './event'
import type { Identity } from './identity'
import type { Known } from './known'
import type { Limits } from './limits'
import type { Pairing } from './pairing'
import type { IceServers, ServerOptions, Transport } from './transport'

export type { NanopeerEvent } from './event'
export type { LimitName, Limits } from './limits'

/** Where a peer stands with its signalling server. Live links carry on whatever this says. */
export type PeerStatus =
  /** Nothing holds the peer; nothing is open. */
  | { readonly state: 'idle'; readonly error: null; readonly retryAt: null }
  /** Registering its id. `error` is what ended the attempt before, if there was one. */
  | { readonly state: 'connecting'; readonly error: NanopeerError | null; readonly retryAt: null }
  /** Registered: it can dial and be dialled. */
  | { readonly state: 'open'; readonly error: null; readonly retryAt: null }
  /** Signalling is lost. `retryAt`: epoch ms of the next attempt, null when trying again cannot help. */
  | { readonly state: 'disconnected'; readonly error: NanopeerError; readonly retryAt: number | null }
  /** Final. */
  | { readonly state: 'destroyed'; readonly error: null; readonly retryAt: null }

/** The path to one remote device. */
export type ConnectionStatus =
  | { readonly state: 'idle'; readonly error: null; readonly retryAt: null }
  /** Dialling, or waiting for the peer to be open. `error` is what ended the attempt before, if there was one. */
  | { readonly state: 'connecting'; readonly error: NanopeerError | null; readonly retryAt: null }
  /** `link` counts the links this connection has gone through. */
  | { readonly state: 'open'; readonly link: number; readonly error: null; readonly retryAt: null }
  /** Nothing heard for about 3 s. */
  | { readonly state: 'unstable'; readonly link: number; readonly error: null; readonly retryAt: null }
  /** The link is gone, the session is kept: requests and streams wait. */
  | { readonly state: 'reconnecting'; readonly error: NanopeerError | null; readonly retryAt: number | null }
  /** No link, no session. `error` is null after a close that somebody asked for. */
  | { readonly state: 'closed'; readonly error: NanopeerError | null; readonly retryAt: number | null }

/** Figures of a connection; they change often, so they live apart from its status. */
export interface ConnectionStats {
  /** Round trip in ms; null until measured. */
  readonly rtt: number | null
  /** `direct`: host or server-reflexive candidates; `relay`: through TURN; null while there is no link. */
  readonly route: 'direct' | 'relay' | null
  /**
   * Bytes handed to links, all links of this connection together; without handshakes, and the first requests that ride with
   * one.
   */
  readonly sent: number
  /** Bytes that arrived, without the same. */
  readonly received: number
  /** Links this connection has gone through. */
  readonly links: number
  /** Audio and video; null while none travels. */
  readonly media: MediaStats | null
}

/** Figures of a connection's audio and video, of the last second. */
export interface MediaStats {
  /** What arrives; null where nothing does. */
  readonly received: MediaFlow | null
  /** What is sent; null where nothing is. */
  readonly sent: MediaFlow | null
}

/** All tracks of one direction together. */
export interface MediaFlow {
  /** Bits per second. */
  readonly bitrate: number
  /** Frames per second, of all video tracks together. */
  readonly framesPerSecond: number
  /** Of the largest picture, pixels; null where there is none. */
  readonly width: number | null
  readonly height: number | null
  /** Packets that never arrived, so far; of those that are sent as the remote reports it. */
  readonly packetsLost: number
}

/** Bytes that have moved, and how many there will be where that is known. */
export interface Progress {
  readonly loaded: number
  readonly total?: number | undefined
}

/** One request in flight, as `connection.$requests` lists it. */
export interface PendingRequest {
  readonly id: string
  readonly action: string
  /** `waiting` for a link, or for a place among those that the device takes at once; `pending` at the device, `streaming` its answer. */
  readonly status: 'waiting' | 'pending' | 'streaming'
  readonly progress: Progress | null
  abort(): void
}

/**
 * An upload: sent while the handler runs, read there as `ctx.body`. Streams and iterables (a generator, a Node
 * `Readable`) are read no further than the device reads; only a Blob, a File and bytes tell their total. Bytes are handed
 * over, not copied, in whichever form: do not write into them afterwards, or transfer them.
 */
export type Body = Blob | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array> | Uint8Array

export interface RequestOptions {
  /**
   * Milliseconds from the call to the first answer frame, waiting included. A byte stream then has the same as its
   * idle timeout, which stands still while the link is away. 0 waits for ever.
   * @default 30000
   */
  readonly timeout?: number | undefined
  /** Cancels: rejects with `ABORTED`, and reaches the device's `ctx.signal`. */
  readonly signal?: AbortSignal | undefined
  /** Bytes to upload. */
  readonly body?: Body | undefined
  /** Called at most every 16 ms while bytes move: the upload's first, then the answer's. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /**
   * Send again in a new session when the session is lost. For idempotent actions; a stream or iterable as a
   * body cannot be sent twice and is refused with `INVALID_INPUT`.
   * @default false
   */
  readonly retry?: boolean | undefined
}

/** What a handler knows of the request it answers. */
export interface HandlerContext {
  /** Fires the moment the asker aborts or is lost for good. */
  readonly signal: AbortSignal
  readonly connection: Connection
  /** Who asks, and what was proved: what `accept` was told. Metadata is what the remote said of itself when it dialled. */
  readonly remote: Remote
  readonly action: string
  /**
   * The same for every attempt of one request. Only the remote's id and this together name a request: a remote may choose
   * any string of at most 128 printable characters.
   */
  readonly requestId: string
  /** The asker's upload; absent where it sent none. */
  readonly body?: ReadableStream<Uint8Array> | undefined
}

export type Handler<A> =
  A extends Action<any, any, infer Kind, infer HI, infer HO>
    ? (input: HI, context: HandlerContext) => HandlerResult<Kind, HO>
    : (input: any, context: HandlerContext) => unknown

type HandlerResult<Kind, HO> = Kind extends 'bytes'
  ? BytesOutput | Promise<BytesOutput>
  : Kind extends 'media'
    ? MediaStream | Promise<MediaStream>
    : Kind extends 'events'
      ? AsyncIterable<HO> | Promise<AsyncIterable<HO>>
      : HO | Promise<HO>

/** An action value, or the plain name of an untyped action. */
export type ActionLike = Action<any, any, any, any, any> | string

/** What can be run on demand, and ends: any action but one of media, which is watched. */
export type RunActionLike = Action<any, any, Exclude<ActionKind, 'media'>, any, any> | string

/** What an asker passes to an action. */
export type InputOf<A> = A extends Action<infer I, any, any, any, any> ? I : any

/** What an asker of an action is given. */
export type AnswerOf<A> =
  A extends Action<any, infer O, infer Kind, any, any>
    ? Kind extends 'bytes'
      ? Response
      : Kind extends 'media'
        ? MediaStream
        : Kind extends 'events'
          ? AsyncIterable<O>
          : O
    : any

/** What follows the action in a call: the input, which may be left out where the action takes none, and options. */
export type InputArguments<A, Options, Input = InputOf<A>> =
  void extends InputOf<A>
    ? [input?: Input, options?: Options]
    : undefined extends InputOf<A>
      ? [input?: Input, options?: Options]
      : [input: Input, options?: Options]

/** Who asks to be served. */
export interface Remote {
  readonly id: string
  /**
   * The key that it has proved to have; null where it has shown none. Anybody can make a key: by itself it says only that this
   * is who had it before.
   */
  readonly key: string | null
  /** Has proved that it knows our `secret`, or to have the key that is pinned or known for its id. */
  readonly authenticated: boolean
  /** What it said of itself when it dialled; untrusted. */
  readonly metadata: unknown
}

/**
 * Whom a peer's handlers serve: a list of keys (52 letters, as `identity.key` has them) or ids, or a function. Ids can be
 * guessed and taken, keys cannot, so open is a choice.
 */
export type Accept = 'anyone' | readonly string[] | ((remote: Remote) => boolean | Promise<boolean>)

export interface ReconnectOptions {
  /** First delay in ms; doubles each time, with jitter. @default 500 */
  readonly minDelay?: number | undefined
  /** @default 30000 */
  readonly maxDelay?: number | undefined
  /** How long a session waits for its next link, in ms. @default 30000 */
  readonly resumeTimeout?: number | undefined
}

export interface PeerOptions {
  /** One PeerServer, or a list to fail over across. @default PeerJS's public cloud, 0.peerjs.com */
  readonly server?: ServerOptions | readonly ServerOptions[] | undefined
  /** @default one public STUN server (stun.l.google.com:19302) and no TURN */
  readonly iceServers?: IceServers | undefined
  /** Whom our handlers serve, whoever dialled. @default nobody */
  readonly accept?: Accept | undefined
  /**
   * Authenticates both ends to each other inside the channel. Make one with `generateSecret()`. Or a function of the remote's id,
   * asked on every link: a remote for which it gives undefined is refused.
   */
  readonly secret?: string | ((remoteId: string) => string | undefined) | undefined
  /** Who this device is, from `loadIdentity()`: it proves its key on every link. @default it has none */
  readonly identity?: Identity | Promise<Identity> | undefined
  /**
   * By which keys others are known: `localKnown()`, `fileKnown()` of `@nanopeer/node`, or something of one's own. A remote that
   * is known must prove its key, whoever dials; one that we dial for the first time is known from then on.
   *
   * @default nobody is known
   */
  readonly known?: Known | undefined
  readonly reconnect?: ReconnectOptions | undefined
  readonly limits?: Partial<Limits> | undefined
  /** Hears what a handler threw and what a remote did wrong; none of it leaves the device. @default console.error */
  readonly onError?:
    | ((error: unknown, context: { readonly remoteId?: string; readonly action?: string }) => void)
    | undefined
  /**
   * Hears what happens on the network: dials, links, sessions, requests, refusals, limits. Called once the turn is over,
   * in order; what it throws goes to `onError`. Without it nothing is made or measured.
   */
  readonly onEvent?: ((event: NanopeerEvent) => void) | undefined
  /** Where links come from. @default PeerJS, loaded when first needed */
  readonly transport?: Transport | undefined
}

export interface ConnectOptions {
  /**
   * Given to the remote's `accept`: any value, at most 2 KiB encoded. It travels inside the channel, and with a secret to
   * nobody who has not proved it; to a remote that is not nanopeer it goes with the offer, which the signalling server reads.
   */
  readonly metadata?: unknown
  /** A secret for this remote alone, instead of the peer's. */
  readonly secret?: string | undefined
  /**
   * The remote's key (`identity.key`): nobody else is asked anything, or served, under this id. Stays once given. An id that
   * is a key has no other one: that is `INVALID_INPUT`.
   */
  readonly key?: string | undefined
  /** Milliseconds a dial may take, authentication included. @default 15000 */
  readonly timeout?: number | undefined
  /** How to speak to it. `envelope`: an article-style PeerJS wrapper; `plain`: a bare PeerJS client. @default 'nanopeer' */
  readonly protocol?: 'nanopeer' | 'envelope' | 'plain' | undefined
}

/** This device on the network. A frozen handle: safe as a prop, in a list, in a dependency array. */
export interface Peer {
  readonly id: string
  readonly $status: ReadableAtom<PeerStatus>
  /** Inbound and outbound. */
  readonly $connections: ReadableAtom<readonly Connection[]>
  /** How many remotes there is a link to now. */
  readonly $online: ReadableAtom<number>
  /** Holds it open until `destroy()`: devices do this. Resolves when it is first open. */
  open(): Promise<void>
  /** The one connection to this remote. Dials once something holds it. */
  connect(remoteId: string, options?: ConnectOptions): Connection
  /** Answers an action. Returns its undo; the last registration answers, and once undone the one before it. */
  handle<A extends ActionLike>(action: A, handler: Handler<A>): () => void
  /**
   * Takes a key from nobody any more, for as long as this peer lives, and ends its sessions at once. Where there is `known`, it
   * is remembered there, nobody is known by it any more, and this resolves when that is so; take it off the list of `accept`,
   * too. Pairing anew takes it back.
   */
  revoke(key: string): Promise<void>
  /**
   * Shows a code, and a QR text, by which one other device pairs with this one: afterwards each knows the other's id and key.
   * The peer needs an `identity`; what `known` it has remembers the other. The code is good for two minutes, and for three
   * guesses; then it is over, and only the user makes a new one.
   */
  pair(): Pairing
  /**
   * Pairs with the device that shows this code, or QR text. One guess for one typed code: a wrong one is not tried again.
   *
   * @param code may be typed carelessly: case, spaces and dashes do not matter, and of each word the first four letters do
   */
  join(code: string): Pairing
  /** Drains, says goodbye, closes. Idempotent. */
  destroy(): Promise<void>
}

/** The logical relation to one remote device; it outlives any single WebRTC connection. A frozen handle. */
export interface Connection {
  readonly remoteId: string
  readonly peer: Peer
  readonly $status: ReadableAtom<ConnectionStatus>
  readonly $stats: ReadableAtom<ConnectionStats>
  /** In flight now, oldest first. */
  readonly $requests: ReadableAtom<readonly PendingRequest[]>
  request<A extends ActionLike>(action: A, ...rest: InputArguments<A, RequestOptions>): Promise<AnswerOf<A>>
  /** A plain message. Resolves when it was written to the link; waits while the link is full. */
  send(value: unknown): Promise<void>
  /** Plain messages of the remote. Those that came before the first listener are delivered to it. */
  onMessage(listener: (value: unknown) => void): () => void
  /** Tries again now instead of waiting out the back-off. Where nobody holds the connection, as `peer.connect()` does. */
  reconnect(): void
  /** Drains, says goodbye, closes. Pending requests reject with `ABORTED`. */
  close(): Promise<void>
  /**
   * Ends the session now, whatever is under way, and tells the remote `REFUSED`. When it comes back `accept` is asked anew, so
   * change first whom that accepts.
   */
  revoke(): void
}

/** What `useRequest` shows: the value of the store that `createRequest` returns. */
export type RequestState<Data = unknown> =
  /** Nothing asked: no connection yet, the input is `skip`, or it is not enabled. There is no data, so it is pending. */
  | {
      readonly status: 'idle'
      readonly data: undefined
      readonly error: null
      readonly isPending: true
      readonly isFetching: false
      readonly isPaused: false
    }
  /** No data yet, and on its way. */
  | {
      readonly status: 'pending'
      readonly data: undefined
      readonly error: null
      readonly isPending: true
      readonly isFetching: true
      readonly isPaused: boolean
    }
  /** `isFetching`: newer data is on its way. `isPaused`: in flight, and waiting for a link. */
  | {
      readonly status: 'success'
      readonly data: Data
      readonly error: null
      readonly isPending: false
      readonly isFetching: boolean
      readonly isPaused: boolean
    }
  /** The last attempt failed; `data` is what an earlier one gave. */
  | {
      readonly status: 'error'
      readonly data: Data | undefined
      readonly error: RequestError
      readonly isPending: false
      readonly isFetching: boolean
      readonly isPaused: boolean
    }
