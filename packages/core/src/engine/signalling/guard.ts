import { type Addressee, type CallWire, callMessage } from './call-path'
import type { CallTable } from './call-table'
import { createEarlyCandidates } from './early-candidates'
import type { PeerjsConnection, PeerjsPeer, ServerMessage } from './peerjs'
import {
  connectionIdOf,
  errorTextOf,
  isBusy,
  isOwnServer,
  nonceOf,
  type Offer,
  parseAnswer,
  parseCandidate,
  parseOffer,
  sourceOf,
} from './server-messages'

/** Candidates of one connection that are tried: each costs checks, and a remote can send any number. */
const maxCandidates = 256

/** A remote that dials, and what can be said to it. */
export interface Offered {
  /** Makes PeerJS answer; nothing for a call. Not to call it ignores the offer. */
  accept(): void
  /** Answers a call, or says more about it. PeerJS knows nothing of calls. */
  say: CallWire['send']
  /** From now on a call hears what comes for it, and what has come before. Returns its undo. */
  listen(call: Addressee): () => void
  /** Tells the remote that nothing will come of its dial, answered or not, because we leave. */
  leave(): void
  /** Tells the remote that there are too many dials to answer this one. */
  busy(): void
}

export interface GuardEvents {
  /** The server is nanopeer's own: see `packages/server`. */
  metOwnServer(): void
  /** A probe of ours came back. */
  echoed(nonce: unknown): void
  /** The server could not deliver to this remote, or the remote said goodbye to it. */
  unavailable(remoteId: string): void
  /** The remote leaves while we dial it. */
  left(remoteId: string, connectionId: string): void
  /** The remote has too many dials to answer ours. */
  busy(remoteId: string, connectionId: string): void
  /** Whether we dialled this connection and nobody has answered it yet. */
  isUnanswered(connectionId: string): boolean
  answered(connectionId: string): void
  /** A remote dials. */
  offered(offer: Offer, offered: Offered): void
}

/**
 * Puts a check between the signalling socket and PeerJS, which trusts every message: an unknown serialization in
 * an offer throws inside the socket's event, messages for unknown connections pile up without bound, and a LEAVE
 * (which the server itself sends when a remote's *socket* died) closes live links.
 */
export const installGuard = (
  peer: PeerjsPeer,
  ownId: string,
  calls: CallTable,
  events: GuardEvents,
): void => {
  const early = createEarlyCandidates()
  const candidates = new WeakMap<Addressee, number>()
  const [toPeerjs] = peer.socket.listeners('message')
  if (!toPeerjs) throw new TypeError('This version of PeerJS does not listen to its socket as 1.5.5 does.')

  const connectionOf = (src: string, connectionId: string): Addressee | null => {
    const call = calls.find(src, connectionId)
    if (call) return call
    const connection = peer.getConnection(src, connectionId) as unknown as PeerjsConnection | null
    return connection?.peerConnection ? connection : null
  }

  const deliver = (connection: Addressee, message: ServerMessage) => {
    // Rejects when the connection closes meanwhile: PeerJS reaches for fields that are null by then.
    connection.handleMessage(message).catch(() => connection.close())
  }

  const deliverEarly = (src: string, connectionId: string) => {
    const connection = connectionOf(src, connectionId)
    const held = early.take(src, connectionId)
    if (connection) for (const candidate of held) deliver(connection, candidate)
  }

  const onOffer = (message: ServerMessage) => {
    const offer = parseOffer(message)
    // PeerJS would close the connection that has this id already, however live it is.
    if (!offer || offer.src === ownId || connectionOf(offer.src, offer.connectionId)) return
    const { src: dst, connectionId } = offer
    const busy = () => peer.socket.send({ type: 'LEAVE', dst, payload: { connectionId, busy: true } })
    events.offered(offer, {
      accept() {
        if (offer.isCall) return
        try {
          toPeerjs.call(peer.socket, offer.message)
        } catch {
          // The environment has no connection left; it has again once closed ones are collected, and is dialled then.
          return busy()
        }
        deliverEarly(dst, connectionId)
      },
      say: (type, payload) => peer.socket.send(callMessage(type, dst, connectionId, payload)),
      listen(call) {
        const unlisten = calls.add(dst, connectionId, call)
        deliverEarly(dst, connectionId)
        return unlisten
      },
      leave: () => peer.socket.send({ type: 'LEAVE', dst, payload: { connectionId } }),
      busy,
    })
  }

  const onAnswer = (src: string, connectionId: string, message: ServerMessage) => {
    const connection = connectionOf(src, connectionId)
    const answer = parseAnswer(message, calls.find(src, connectionId) !== null)
    // A second answer would be a stranger's, or a mistake; WebRTC refuses it anyway.
    if (!connection || !answer || !events.isUnanswered(connectionId)) return
    events.answered(connectionId)
    deliver(connection, answer)
    deliverEarly(src, connectionId)
  }

  const onCandidate = (src: string, connectionId: string, message: ServerMessage) => {
    const connection = connectionOf(src, connectionId)
    const candidate = parseCandidate(message)
    if (!candidate) return
    if (!connection || events.isUnanswered(connectionId)) return early.hold(src, connectionId, candidate)
    const count = (candidates.get(connection) ?? 0) + 1
    candidates.set(connection, count)
    if (count <= maxCandidates) deliver(connection, candidate)
  }

  const onMessage = (message: ServerMessage) => {
    if (typeof message !== 'object' || message === null) return
    const src = sourceOf(message)
    const connectionId = connectionIdOf(message)
    switch (message.type) {
      case 'OPEN':
        if (isOwnServer(message)) events.metOwnServer()
        toPeerjs.call(peer.socket, { type: 'OPEN' })
        break
      case 'ID-TAKEN':
      case 'INVALID-KEY':
        toPeerjs.call(peer.socket, { type: message.type })
        break
      case 'ERROR':
        toPeerjs.call(peer.socket, { type: 'ERROR', payload: { msg: errorTextOf(message) } })
        break
      case 'LEAVE':
        if (src === ownId) events.echoed(nonceOf(message))
        else if (src && connectionId && isBusy(message)) events.busy(src, connectionId)
        else if (src && connectionId) events.left(src, connectionId)
        else if (src) events.unavailable(src)
        break
      case 'EXPIRE':
        if (src) events.unavailable(src)
        break
      case 'OFFER':
        onOffer(message)
        break
      case 'ANSWER':
        if (src && connectionId) onAnswer(src, connectionId, message)
        break
      case 'CANDIDATE':
        if (src && connectionId) onCandidate(src, connectionId, message)
        break
    }
  }

  peer.socket.removeAllListeners('message')
  peer.socket.on('message', onMessage)
}
