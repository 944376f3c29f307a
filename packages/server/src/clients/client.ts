import type { WebSocket } from 'ws'
import { closeCodes } from '../protocol/close-codes'

/** Why a client's socket was closed by this server. */
export type CloseReason = keyof typeof closeCodes

/** Who a client is, as it was granted. */
export interface ClientIdentity {
  readonly id: string
  readonly owner: string
  readonly generation: number
  readonly address: string
  /** When it is disconnected, in ms since 1970. */
  readonly expiresAt: number
}

/** A registered client and its socket. A class, because there are a hundred thousand. */
export class Client implements ClientIdentity {
  readonly id: string
  readonly owner: string
  readonly generation: number
  readonly address: string
  readonly expiresAt: number
  /** When the last frame came, of whatever kind, in ms since 1970. */
  lastHeard = Date.now()
  readonly #socket: WebSocket

  constructor(identity: ClientIdentity, socket: WebSocket) {
    this.id = identity.id
    this.owner = identity.owner
    this.generation = identity.generation
    this.address = identity.address
    this.expiresAt = identity.expiresAt
    this.#socket = socket
  }

  /** Whether it can be sent to. A socket that is being closed sends nothing any more. */
  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN
  }

  /** Whether its socket is gone, with all that waited. */
  get isClosed(): boolean {
    return this.#socket.readyState === this.#socket.CLOSED
  }

  /** Bytes that it has not read yet, as far as this process knows. */
  get waitingBytes(): number {
    return this.#socket.bufferedAmount
  }

  /**
   * Sends a frame; only to be called while it {@link isOpen}.
   *
   * @param gone called when it has left this process, or never will
   */
  send(text: string, gone?: () => void): void {
    this.#socket.send(text, gone)
  }

  /** Ends it with a code. Where the client does not answer, the socket is cut after 2 s. */
  close(reason: CloseReason): void {
    this.#socket.close(closeCodes[reason], reason)
  }
}
