import { NanopeerError } from '../../base/errors'
import { load } from '../../base/load'
import type { Session } from '../session/session'
import type { Start } from '../session/start'
import { encodeFrames, type Frame, FrameType, noPayload } from '../wire/frame'
import { encodeReady, type Hello } from '../wire/hello'
import { messageSizeOf } from '../wire/limits'
import type { Transcript } from './authenticate'
import type { HandshakeChannel } from './channel'
import type { HandshakeOptions } from './options'
import type { Fingerprints, Role } from './token-proof'

/** What the session needs to go on over the link. */
export interface HandshakeResult extends Start {
  readonly session: Session
}

/** The proofs, loaded where a secret is set. */
export const loadProofs = () => load('nanopeer for secrets', () => import('./authenticate'), 'prove')

export const frame = (type: FrameType, payload: Uint8Array): Frame => ({ type, stream: 0, payload })

/** READY counts what was received, so the session must be detached from every older link by now. */
export const sendReady = (
  channel: HandshakeChannel,
  session: Session,
  before: readonly Frame[],
  early: boolean,
  metadata: Uint8Array | null,
): void => {
  const ready = encodeReady({ received: session.receivedCount, token: session.tokens.issue(), metadata })
  const handshake = encodeFrames(...before, frame(FrameType.Ready, ready))
  const room = messageSizeOf(channel.link) - handshake.length
  const requests = early ? session.early(room) : noPayload
  const message = new Uint8Array(handshake.length + requests.length)
  message.set(handshake)
  message.set(requests, handshake.length)
  channel.hasAsked ||= requests.length > 0
  channel.link.send(message)
}

export const requireNonce = (remote: Hello): void => {
  if (remote.nonce === null) {
    throw new NanopeerError('REFUSED', 'A secret is needed here, and the other device has none set.')
  }
}

/** Where there is a secret, there are fingerprints: `fingerprintsOf` insists. */
export const transcriptOf = (
  { localId, remoteId }: HandshakeOptions,
  weAre: Role,
  prints: Fingerprints | null,
  diallerHello: Uint8Array,
): Transcript => ({
  diallerId: weAre === 'dialler' ? localId : remoteId,
  accepterId: weAre === 'dialler' ? remoteId : localId,
  fingerprints: prints as Fingerprints,
  diallerHello,
})
