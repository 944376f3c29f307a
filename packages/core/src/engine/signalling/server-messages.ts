import { printable } from '../../base/printable'
import { refuseProto } from '../../codec/reader'
import type { ServerMessage } from './peerjs'

/** What a remote's messages may be at most, in characters. Real ones are far below. */
const limits = { id: 256, label: 256, sdp: 65_536, candidate: 2_048, metadata: 4_096 }

/** PeerJS looks the class of an inbound connection up by this name, and throws for any other. */
const serializations: ReadonlySet<unknown> = new Set(['raw', 'json', 'binary', 'binary-utf8', 'default'])

export interface Offer {
  readonly src: string
  readonly connectionId: string
  /** What shows that the dialler may come in; null where nothing does. */
  readonly credential: string | null
  /** It is a call: audio and video of a PeerJS client. */
  readonly isCall: boolean
  /** Only what was checked; safe to give to PeerJS. */
  readonly message: ServerMessage
}

type Fields = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null

const isText = (value: unknown, limit: number): value is string =>
  typeof value === 'string' && value !== '' && value.length <= limit

/** Metadata is JSON already; this is its size as JSON, and that it names no field `__proto__`, as in every format. */
export const isMetadata = (value: unknown): boolean => {
  if (value === undefined) return true
  // Each part takes two characters at least: what has more of them is not walked to its end.
  let parts = limits.metadata / 2
  const visit = (name: string, part: unknown) => {
    if (--parts < 0) throw new RangeError('Too many parts.')
    return refuseProto(name, part)
  }
  try {
    return (JSON.stringify(value, visit)?.length ?? Number.POSITIVE_INFINITY) <= limits.metadata
  } catch {
    // Too many parts, or such a name; or what a parser took without recursion is nested too deeply to be written again; or it is
    // no JSON at all.
    return false
  }
}

/** The sender of a message, as the server wrote it; null where it is not usable. */
export const sourceOf = ({ src }: ServerMessage): string | null => (isText(src, limits.id) ? src : null)

/** The connection a message speaks of; null where it is not usable. */
export const connectionIdOf = ({ payload }: ServerMessage): string | null =>
  isObject(payload) && isText(payload.connectionId, limits.id) ? payload.connectionId : null

/** The text of an ERROR of the server. */
export const errorTextOf = ({ payload }: ServerMessage): string =>
  isObject(payload) && isText(payload.msg, limits.label) ? printable(payload.msg) : 'no reason given'

/** Whether a LEAVE says that the remote has too many dials. */
export const isBusy = ({ payload }: ServerMessage): boolean => isObject(payload) && payload.busy === true

/** Whether an OPEN comes from nanopeer's own signalling server. */
export const isOwnServer = ({ payload }: ServerMessage): boolean =>
  isObject(payload) && payload.server === 'nanopeer'

/** The nonce of a probe that came back. */
export const nonceOf = ({ payload }: ServerMessage): unknown =>
  isObject(payload) ? payload.nonce : undefined

/** A section for anything but data: nobody has asked for audio and video before there is a session. */
const otherThanData = /^m=(?!application)/m
/** What a call may have. */
const otherThanCalls = /^m=(?!application|audio|video)/m
/** Sections of a call: each makes the browser ready to receive one more track. */
const maxCallSections = 17

const isCallDescription = (sdp: string): boolean =>
  !otherThanCalls.test(sdp) && (sdp.match(/^m=/gm)?.length ?? 0) <= maxCallSections

const descriptionOf = (sdp: unknown, type: 'offer' | 'answer', isCall: boolean) => {
  if (!isObject(sdp) || sdp.type !== type || !isText(sdp.sdp, limits.sdp)) return null
  const isFit = isCall ? isCallDescription(sdp.sdp) : !otherThanData.test(sdp.sdp)
  return isFit ? { type, sdp: sdp.sdp } : null
}

/** A remote's offer, checked and copied field by field; null for anything PeerJS would trip over. */
export const parseOffer = (message: ServerMessage): Offer | null => {
  const src = sourceOf(message)
  const connectionId = connectionIdOf(message)
  const payload = message.payload as Fields
  if (!src || !connectionId) return null
  const { label, serialization, metadata } = payload
  const isCall = payload.type === 'media'
  const sdp = descriptionOf(payload.sdp, 'offer', isCall)
  if (!sdp || !isMetadata(metadata)) return null
  if (isCall) {
    const checked = { type: 'media', sdp, connectionId, metadata }
    return { src, connectionId, credential: null, isCall, message: { type: 'OFFER', src, payload: checked } }
  }
  if (payload.type !== 'data' || !serializations.has(serialization)) return null
  if (!isText(label, limits.label)) return null
  const reliable = payload.reliable === true
  const checked = { type: 'data', sdp, connectionId, metadata, label, serialization, reliable }
  const credential =
    isObject(metadata) && isText(metadata.credential, limits.label) ? metadata.credential : null
  return { src, connectionId, credential, isCall, message: { type: 'OFFER', src, payload: checked } }
}

/**
 * A remote's answer, checked; null for anything else.
 *
 * @param isCall it answers a call
 */
export const parseAnswer = ({ payload }: ServerMessage, isCall: boolean): ServerMessage | null => {
  const sdp = isObject(payload) ? descriptionOf(payload.sdp, 'answer', isCall) : null
  return sdp && { type: 'ANSWER', payload: { sdp } }
}

/** A remote's candidate, checked; null for anything else. */
export const parseCandidate = ({ payload }: ServerMessage): ServerMessage | null => {
  const given = isObject(payload) && isObject(payload.candidate) ? payload.candidate : {}
  if (!isText(given.candidate, limits.candidate)) return null
  const sdpMid = isText(given.sdpMid, 16) ? given.sdpMid : null
  const sdpMLineIndex = typeof given.sdpMLineIndex === 'number' ? given.sdpMLineIndex : null
  if (sdpMid === null && sdpMLineIndex === null) return null
  return { type: 'CANDIDATE', payload: { candidate: { candidate: given.candidate, sdpMid, sdpMLineIndex } } }
}
