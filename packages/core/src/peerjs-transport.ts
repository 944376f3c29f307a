import { type Clock, systemClock } from './clock'
import type { Environment } from './engine/signalling/drain'
import { join } from './engine/signalling/join'
import { type CreatePeerjsPeer, loadPeerjs } from './engine/signalling/peerjs'
import type { Transport } from './transport'

export interface PeerjsTransportOptions {
  /** Brings WebRTC and WebSocket into the global scope, before PeerJS is loaded. */
  prepare?(): Promise<void>
  /** Whether WebRTC is, or can be made, available here. */
  isSupported(): boolean
  /** See {@link Environment.closesEarly}. @default false */
  readonly closesEarly?: boolean
  /** @default the system's clock */
  readonly clock?: Clock
}

/** A {@link Transport} over PeerJS, which is loaded when the first peer needs it. */
export const createPeerjsTransport = ({
  prepare,
  isSupported,
  closesEarly = false,
  clock = systemClock,
}: PeerjsTransportOptions): Transport => {
  let loading: Promise<CreatePeerjsPeer> | null = null
  const load = () => {
    loading ??= Promise.resolve(prepare?.()).then(loadPeerjs)
    // A chunk that could not be fetched may be there at the next attempt.
    loading.catch(() => {
      loading = null
    })
    return loading
  }
  return {
    isSupported,
    clock,
    join: (id, options, events) => join({ id, options, events, environment: { clock, closesEarly }, load }),
  }
}

/** PeerJS in a browser. */
export const peerjsTransport: Transport = createPeerjsTransport({
  isSupported: () => typeof RTCPeerConnection !== 'undefined',
})
