import type { PeerError } from 'peerjs'
import { backoff } from '../../base/backoff'
import type { Clock } from '../../base/clock'
import { destroyed, NanopeerError, verdictOf } from '../../base/errors'
import { ReloadError } from '../../base/load'
import { CallTable } from './call-table'
import { createDialTable, type DialTable } from './dial-table'
import { type GuardEvents, installGuard } from './guard'
import { createLiveness } from './liveness'
import { displaced, fromPeerError, unreachable } from './peer-errors'
import type { CreatePeerjsPeer, PeerjsConnection, PeerjsPeer } from './peerjs'
import type { ServerAddress } from './server-address'
import { socketClosed } from './socket-closed'

/** How long one attempt to register may take, in ms. */
const attemptTimeout = 10_000
/** What one message of a server may have, characters: an offer has some thousand, and what is looked at of it 64 Ki at most. */
const longestMessage = 131_072
/** How nanopeer's server closes a socket whose id another socket of the same owner has taken. */
const displacedCode = 4001
/** A registration that held this long, in ms, starts the back-off anew. */
const settledAfter = 5_000

export interface ServerContext {
  readonly id: string
  readonly clock: Clock
  /** Passed by reference to PeerJS, which reads it whenever it makes an `RTCPeerConnection`. */
  readonly config: RTCConfiguration
  /** See `PeerjsTransportOptions`. */
  withWebSocket<Result>(open: () => Result): Result
  /** Claims the id for this tab, loads PeerJS and reads the token. Throws what ends the attempt. */
  prepare(): Promise<{ readonly create: CreatePeerjsPeer; readonly token: string }>
}

export interface ServerEvents {
  connecting(): void
  open(): void
  disconnected(error: NanopeerError, retryAt: number | null): void
  /** A remote dials through this server; see {@link GuardEvents}. */
  offered: GuardEvents['offered']
  /** PeerJS made a connection for an offer that was accepted. */
  connection(connection: PeerjsConnection): void
}

/** One device id registered with one PeerServer, and kept so. */
export interface Server {
  readonly address: ServerAddress
  readonly dials: DialTable
  readonly calls: CallTable
  /** The registered PeerJS `Peer`; null while signalling is down. */
  peer(): PeerjsPeer | null
  /** Registers, and again whenever the registration is lost. */
  start(): void
  /** Tries again now, or checks at once whether the socket still lives. */
  retry(): void
  /** Checks whether the socket still lives, without waiting for the answer; a dead one is replaced. */
  probe(): void
  /** Ends this registration with an error, and tries again later. */
  lose(error: NanopeerError): void
  /** Gives the id back. Live links stay. Resolves when the socket is closed. */
  leave(): Promise<void>
}

type Phase = 'idle' | 'connecting' | 'open' | 'waiting' | 'left'

export const createServer = (
  address: ServerAddress,
  context: ServerContext,
  events: ServerEvents,
): Server => {
  const { id, clock, config } = context
  const dials = createDialTable()
  const calls = new CallTable()
  let phase: Phase = 'idle'
  let peer: PeerjsPeer | null = null
  let failures = 0
  let openedAt = 0
  let lastError: NanopeerError | null = null
  /** The one timer: the attempt's deadline, or the wait until the next attempt. */
  let cancelTimer = () => {}

  const liveness = createLiveness({
    clock,
    send: (nonce) => peer?.socket.send({ type: 'LEAVE', dst: id, payload: { nonce } }),
    // Where the server still held our id under the same token it attaches the new socket and says nothing.
    alive: () => {
      if (phase === 'connecting') peer?.socket.emit('message', { type: 'OPEN' })
    },
    dead: () => lose(unreachable(address, new Error('The signalling socket was half open.'))),
  })

  const opened = () => {
    if (phase !== 'connecting') return
    phase = 'open'
    cancelTimer()
    openedAt = clock.now()
    lastError = null
    events.open()
  }

  /** Tells a socket that lost its id apart from one that lost its server. PeerJS's own listener keeps no code. */
  const watchClose = (socket: WebSocket | undefined) => {
    const toPeerjs = socket?.onclose
    if (!socket || !toPeerjs) return
    socket.onclose = (event) => {
      // Whoever came back at once would displace the other, which would come back.
      if (event.code === displacedCode) lose(displaced(id, address), true)
      else toPeerjs.call(socket, event)
    }
  }

  /** Before PeerJS parses it: a PeerServer passes on 100 MB of whoever has an id there, which keep a device busy for seconds. */
  const watchLength = (socket: WebSocket | undefined) => {
    const toPeerjs = socket?.onmessage
    if (!socket || !toPeerjs) return
    socket.onmessage = (event) => {
      const { data } = event as MessageEvent<unknown>
      if (typeof data === 'string' && data.length <= longestMessage) toPeerjs.call(socket, event)
    }
  }

  const metOwnServer = () => {
    liveness.relax()
    clearTimeout(peer?.socket._wsPingTimer)
  }

  const lose = (error: NanopeerError, isOver = verdictOf(error).isFinal || error instanceof ReloadError) => {
    if (phase !== 'connecting' && phase !== 'open') return
    if (phase === 'open' && clock.now() - openedAt >= settledAfter) failures = 0
    phase = 'waiting'
    cancelTimer()
    liveness.stop()
    lastError = null
    // Never `destroy`: that would close live links.
    peer?.disconnect()
    dials.signallingLost(error)
    if (isOver) return events.disconnected(error, null)
    const delay = backoff(failures)
    failures += 1
    cancelTimer = clock.after(delay, () => void attempt())
    events.disconnected(error, Date.now() + delay)
  }

  const build = (create: CreatePeerjsPeer, token: string): PeerjsPeer => {
    const built = create(id, { ...address, token, config })
    const current = () => peer === built
    installGuard(built, id, calls, {
      metOwnServer: () => current() && metOwnServer(),
      echoed: (nonce) => current() && liveness.echoed(nonce),
      unavailable: dials.unavailable,
      left: dials.left,
      busy: dials.busy,
      isUnanswered: dials.isUnanswered,
      answered: dials.answered,
      offered: events.offered,
    })
    built.on('open', () => current() && opened())
    built.on('error', (error: PeerError<string>) => {
      // `webrtc` and `disconnected` speak of one connection, not of the registration.
      if (current() && !['webrtc', 'disconnected'].includes(error.type)) {
        lastError = fromPeerError(error, id, address)
      }
    })
    built.on('disconnected', () => current() && lose(lastError ?? unreachable(address)))
    built.on('connection', (connection) => events.connection(connection as unknown as PeerjsConnection))
    return built
  }

  const attempt = async () => {
    phase = 'connecting'
    let stale = false
    cancelTimer = clock.after(attemptTimeout, () => lose(unreachable(address)))
    const cancelDeadline = cancelTimer
    cancelTimer = () => {
      stale = true
      cancelDeadline()
    }
    events.connecting()
    try {
      const { create, token } = await context.prepare()
      if (stale) return
      // PeerJS destroys a `Peer` whose very first attempt is refused; any other can be used again.
      if (peer && !peer.destroyed) {
        peer.options.token = token
        context.withWebSocket(() => peer?.reconnect())
      } else peer = context.withWebSocket(() => build(create, token))
      watchClose(peer.socket._socket)
      watchLength(peer.socket._socket)
      peer.socket._socket?.addEventListener('open', () => phase === 'connecting' && liveness.start())
    } catch (error) {
      if (!stale) lose(error instanceof NanopeerError ? error : unreachable(address, error))
    }
  }

  return {
    address,
    dials,
    calls,
    peer: () => (phase === 'open' ? peer : null),
    start() {
      if (phase === 'idle') void attempt()
    },
    retry() {
      if (phase === 'open') liveness.probe()
      if (phase !== 'waiting') return
      cancelTimer()
      failures = 0
      // Later, because PeerJS may be in the middle of destroying the `Peer` that told us.
      cancelTimer = clock.after(0, () => void attempt())
    },
    probe: liveness.probe,
    lose,
    async leave() {
      if (phase === 'left') return
      phase = 'left'
      cancelTimer()
      liveness.stop()
      dials.failAll(destroyed())
      const socket = peer?.socket._socket
      peer?.disconnect()
      if (socket) await socketClosed(socket, clock)
    },
  }
}
