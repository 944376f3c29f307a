import { NanopeerError } from '../../base/errors'
import { load } from '../../base/load'
import { requireWebCrypto } from '../../base/web-crypto'
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

/** The proofs, loaded where there is one to give or to check. Rejects with `UNSUPPORTED` on an insecure origin. */
export const loadProofs = async () => {
  requireWebCrypto()
  return load('nanopeer for proofs', () => import('./authenticate'), 'prove')
}

export const frame = (type: FrameType, payload: Uint8Array): Frame => ({ type, stream: 0, payload })

/** READY counts what was received, so the session must be detached from every older link by now. */
export const sendReady = (
  channel: HandshakeChannel,
  session: Session,
  before: readonly Frame[],
  early: boolean,
  token: string,
  metadata: Uint8Array | null,
): void => {
  const ready = encodeReady({ received: session.receivedCount, token, metadata })
  const handshake = encodeFrames(...before, frame(FrameType.Ready, ready))
  const room = messageSizeOf(channel.link) - handshake.length
  const requests = early ? session.early(room) : noPayload
  const message = new Uint8Array(handshake.length + requests.length)
  message.set(handshake)
  message.set(requests, handshake.length)
  // In a session that it knows the remote's count tells whether it has had them.
  channel.hasAsked ||= requests.length > 0 && session.remoteIncarnation === null
  channel.link.send(message)
}

/** @throws `NanopeerError` `REFUSED` for the HELLO of somebody who proves nothing. */
export const requireProof = ({ nonce }: Hello, { secret }: HandshakeOptions): void => {
  if (nonce !== null) return
  const message =
    secret === null
      ? 'This id is known by a key, and the other device shows none; give it its `identity`.'
      : 'A secret is needed here, and the other device has none set.'
  throw new NanopeerError('REFUSED', message)
}

/** Where something is proved, there are fingerprints: `fingerprintsOf` insists. */
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
