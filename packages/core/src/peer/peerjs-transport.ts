import { type Clock, systemClock } from '../base/clock'
import { load } from '../base/load'
import type { Transport } from '../base/transport'
import { type Engine, provide, provisionOf } from '../engine'
import { engineAtHand, loadEngine } from '../load-engine'

export interface PeerjsTransportOptions {
  /** Brings WebRTC into the global scope, before PeerJS is loaded. */
  prepare?(): Promise<void>
  /**
   * Runs what makes PeerJS open a socket: it takes `WebSocket` from the global scope there and then, and at no other time.
   * @default just runs it
   */
  withWebSocket?<Result>(open: () => Result): Result
  /** Whether WebRTC is, or can be made, available here. */
  isSupported(): boolean
  /**
   * Whether a data channel says `close` as soon as it is asked to, while the remote still lacks what was sent before
   * (libdatachannel). Browsers say it when the remote has acknowledged.
   * @default false
   */
  readonly closesEarly?: boolean | undefined
  /** @default the system's clock */
  readonly clock?: Clock | undefined
}

/**
 * A {@link Transport} over PeerJS. PeerJS is loaded when the first peer needs it, and nowhere else: its import creates
 * a throw-away `RTCPeerConnection`, and decides there and then whether WebRTC is supported.
 */
export const createPeerjsTransport = ({
  prepare,
  withWebSocket = (open) => open(),
  isSupported,
  closesEarly = false,
  clock = systemClock,
}: PeerjsTransportOptions): Transport => {
  const loadNow = () => load('PeerJS', () => import('peerjs'), 'Peer')
  const loadPeerjs = () => (prepare ? prepare().then(loadNow) : loadNow())
  const transport: Transport = {
    isSupported,
    clock,
    createStream: () => (typeof MediaStream === 'undefined' ? null : new MediaStream()),
    join: (id, options, events) => {
      // A peer joins with an engine only: it has either loaded it or got it with the transport.
      const { joinPeerjs } = engineAtHand(transport) as Engine
      return joinPeerjs({ id, options, events, clock, closesEarly, withWebSocket, loadPeerjs })
    },
  }
  return provide(transport, { preload: loadPeerjs })
}

/** PeerJS in a browser. */
export const peerjsTransport: Transport = createPeerjsTransport({
  isSupported: () => typeof RTCPeerConnection !== 'undefined',
})

/**
 * Loads what a peer needs ahead of the first one that opens: the engine and PeerJS. Does nothing on a server. Rejects with
 * `NanopeerError` `NETWORK` where a file does not load, and is asked again then by whoever needs it.
 *
 * @param transport of the peers that are to come. @default PeerJS in a browser
 * @example
 * button.addEventListener('pointerenter', () => preload())
 */
export const preload = async (transport: Transport = peerjsTransport): Promise<void> => {
  if (!transport.isSupported()) return
  await Promise.all([loadEngine(transport), provisionOf(transport).preload?.()])
}
