import type { DataConnection, Peer, PeerOptions } from 'peerjs'

/** One message of the signalling protocol, as it came off the socket: nothing in it is checked yet. */
export interface ServerMessage {
  readonly type?: unknown
  readonly src?: unknown
  readonly payload?: unknown
}

/**
 * PeerJS's own socket. Internal to PeerJS 1.5.5, which is why that version is pinned: only here can a message be
 * checked before PeerJS trusts it, and only here can a socket that died silently be noticed.
 */
export interface PeerjsSocket {
  send(message: object): void
  emit(event: 'message', message: ServerMessage): boolean
  on(event: 'message', listener: (message: ServerMessage) => void): unknown
  listeners(event: 'message'): ((message: ServerMessage) => void)[]
  removeAllListeners(event: 'message'): unknown
  /** The WebSocket of the current attempt; undefined while there is none. */
  readonly _socket?: WebSocket
  /** The timer of PeerJS's own heartbeat, which starts anew with every socket. */
  readonly _wsPingTimer?: ReturnType<typeof setTimeout>
}

/** PeerJS's `Peer`, with the one internal that signalling needs. */
export type PeerjsPeer = Omit<Peer, 'socket'> & { readonly socket: PeerjsSocket }

/** PeerJS's `DataConnection`. Its fields become null when it closes. */
export type PeerjsConnection = Omit<DataConnection, 'peerConnection' | 'dataChannel'> & {
  readonly peerConnection: RTCPeerConnection | null
  readonly dataChannel: RTCDataChannel | null | undefined
  handleMessage(message: ServerMessage): Promise<void>
  /** Internal to PeerJS 1.5.5: decodes one message of the data channel. */
  _handleDataMessage(event: MessageEvent): void
}

/** Makes a PeerJS `Peer`, which dials its server at once. */
export type CreatePeerjsPeer = (id: string, options: PeerOptions) => PeerjsPeer

/** What makes such a `Peer`, in PeerJS's module. */
export const creatorIn = (module: typeof import('peerjs')): CreatePeerjsPeer => {
  // PeerJS has no `exports` map and its `main` is CommonJS: plain Node sees only the default export.
  const Constructor = module.Peer ?? (module as unknown as { default: typeof module }).default.Peer
  return (id, options) => new Constructor(id, options) as unknown as PeerjsPeer
}
