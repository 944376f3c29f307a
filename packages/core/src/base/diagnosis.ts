import type { Clock } from './clock'
import type { IceServers } from './transport'

export interface DiagnoseOptions {
  /** The servers to try. @default two public STUN servers, which tell the kind of NAT but not whether TURN works */
  readonly iceServers?: IceServers | undefined
  /** Milliseconds that a server may take to answer. @default 5000 */
  readonly timeout?: number | undefined
}

/** How a WebRTC implementation differs from a browser's. */
export interface DiagnoseEnvironment {
  /**
   * Set where one connection asks only one of its STUN servers (libdatachannel): each server is then asked by a
   * connection of its own with this configuration, which must name a fixed local port for all of them to see.
   */
  readonly askEach?: RTCConfiguration | undefined
  /** @default the system's clock */
  readonly clock?: Clock | undefined
}

/** One address under which this device might be reached. */
export interface GatheredCandidate {
  /** `host`: its own; `srflx`: as a STUN server saw it; `relay`: a TURN server's. */
  readonly type: 'host' | 'srflx' | 'prflx' | 'relay'
  readonly protocol: 'udp' | 'tcp'
  /** An IP address, or a name ending in `.local` where the browser hides it. */
  readonly address: string
  readonly port: number
  /** Milliseconds until it was known. */
  readonly ms: number
}

/** How one STUN or TURN server did. */
export interface IceServerReport {
  readonly url: string
  readonly kind: 'stun' | 'turn'
  /** A STUN server answered; a TURN server also took the credentials and gave an address. */
  readonly works: boolean
  /** Milliseconds until it did; null where it did not. */
  readonly ms: number | null
  /** The STUN error code, or 701 for no answer; null where the server works or nothing was reported. */
  readonly errorCode: number | null
  readonly errorText: string | null
  /** What that means, and what to do. */
  readonly explain: string
}

/**
 * How the network in front of this device treats it.
 *
 * - `open`: no address translation; whoever knows the address can be answered.
 * - `cone`: one outside address for all destinations; direct links work with most networks.
 * - `symmetric`: another outside port for each destination; direct links work with `open` and most `cone` networks
 *   only, everything else needs TURN.
 * - `unknown`: fewer than two STUN servers answered.
 */
export type NatKind = 'open' | 'cone' | 'symmetric' | 'unknown'

/** Why devices can, or cannot, reach this one. */
export interface Diagnosis {
  readonly candidates: readonly GatheredCandidate[]
  readonly nat: NatKind
  readonly servers: readonly IceServerReport[]
  /** Whether any TURN server gave an address: with one, every remote that allows UDP can be reached. */
  readonly relay: boolean
  /** Milliseconds that it all took. */
  readonly ms: number
  /** What to do, in plain words. */
  readonly explain: string
}
