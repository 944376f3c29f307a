import type { Clock } from '../../base/clock'
import type { GatheredCandidate } from '../../base/diagnosis'
import { printable } from '../../base/printable'

/** A candidate, with what tells its socket. */
export interface RawCandidate extends GatheredCandidate {
  /** Tells its own socket from the others. */
  readonly base: string
  /** Whether the browser hides the address of that socket, which makes `base` a guess. */
  readonly isHidden: boolean
}

/** An `icecandidateerror`. Source: https://www.w3.org/TR/webrtc/#rtcpeerconnectioniceerrorevent */
export interface GatheringError {
  readonly code: number
  readonly text: string
}

export interface Gathering {
  readonly candidates: readonly RawCandidate[]
  readonly errors: readonly GatheringError[]
  /** Whether every server had answered or was given up. */
  readonly isComplete: boolean
  readonly ms: number
}

export interface GatherOptions {
  readonly clock: Clock
  readonly timeout: number
  /** Ends it early: enough is known. */
  isEnough?(candidate: RawCandidate): boolean
}

/** How long candidates may still come when gathering is said to be complete, in ms. */
const settleTime = 50

/** Gathers candidates with a connection of its own, until that is complete, enough is known, or time is up. */
export const gather = async (
  configuration: RTCConfiguration,
  { clock, timeout, isEnough }: GatherOptions,
): Promise<Gathering> => {
  const peerConnection = new RTCPeerConnection(configuration)
  const candidates: RawCandidate[] = []
  const errors: GatheringError[] = []
  const started = clock.now()
  let isComplete = false
  try {
    await new Promise<void>((resolve, reject) => {
      const cancel = clock.after(timeout, resolve)
      let cancelWait = () => {}
      const finish = () => {
        cancel()
        cancelWait()
        resolve()
      }
      peerConnection.onicecandidate = ({ candidate: given }) => {
        const candidate = given && parseCandidate(given.candidate, clock.now() - started)
        if (candidate) candidates.push(candidate)
        if (candidate && isEnough?.(candidate)) finish()
      }
      peerConnection.onicecandidateerror = ({ errorCode, errorText }) => {
        errors.push({ code: errorCode, text: printable(errorText ?? '') })
      }
      peerConnection.onicegatheringstatechange = () => {
        if (peerConnection.iceGatheringState !== 'complete') return
        isComplete = true
        // libdatachannel says so before it has told the last candidates.
        cancel()
        cancelWait = clock.after(settleTime, resolve)
      }
      peerConnection.createDataChannel('diagnose')
      peerConnection
        .createOffer()
        .then((offer) => peerConnection.setLocalDescription(offer))
        .catch((error) => {
          cancel()
          reject(error)
        })
    })
  } finally {
    peerConnection.close()
  }
  return { candidates, errors, isComplete, ms: Math.round(clock.now() - started) }
}

/**
 * Reads a candidate line; null for one that is empty. Source: https://www.rfc-editor.org/rfc/rfc8839#section-5.1
 *
 * @param ms - when it was gathered.
 */
export const parseCandidate = (line: string, ms: number): RawCandidate | null => {
  const match =
    /^(?:a=)?candidate:(\S+) \d+ (udp|tcp) \d+ (\S+) (\d+) typ (host|srflx|prflx|relay)(?: raddr (\S+) rport (\d+))?/i.exec(
      line,
    )
  if (!match) return null
  const [, foundation, protocol, address, port, type, relatedAddress, relatedPort] =
    match as unknown as string[]
  // Browsers that hide the local address say 0.0.0.0 port 0 (or 9) here.
  const isKnown = !!relatedAddress && relatedAddress !== '0.0.0.0' && relatedAddress !== '::'
  return {
    type: (type as string).toLowerCase() as RawCandidate['type'],
    protocol: (protocol as string).toLowerCase() as RawCandidate['protocol'],
    address: address as string,
    port: Number(port),
    ms: Math.round(ms),
    // Of reflexive candidates with one foundation the sockets have one address.
    // Source: https://www.rfc-editor.org/rfc/rfc8445#section-5.1.1.3
    base: isKnown ? `${relatedAddress} ${relatedPort}` : `foundation ${foundation}`,
    isHidden: !isKnown,
  }
}

const keyOf = ({ type, protocol, address, port }: GatheredCandidate) =>
  [type, protocol, address, port].join(' ')

/** Each address once, as it was first seen. */
export const distinct = (candidates: readonly RawCandidate[]): RawCandidate[] => {
  const seen = new Map<string, RawCandidate>()
  for (const candidate of candidates) {
    if (!seen.has(keyOf(candidate))) seen.set(keyOf(candidate), candidate)
  }
  return [...seen.values()]
}
