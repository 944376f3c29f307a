/**
 * How a link becomes the carrier of a session. Both sides say HELLO (who, which session) and READY (how far, and what the
 * dialler says of itself), with a proof of the secret (AUTH) in between where there is one:
 *
 *     without:  dialler  HELLO READY [requests]      accepter  HELLO READY
 *     with:     dialler  HELLO AUTH     accepter  HELLO AUTH     dialler  READY [requests]     accepter  READY
 *
 * The requests in brackets follow at once only in a new session; on a resume nothing follows before the other's READY.
 * Whoever has not proved the secret is told nothing but a HELLO, and believed nothing: not even that it has forgotten a
 * session, which with a secret is told by the HELLO of another one.
 */
import { decodeValue } from '../../codec/read'
import { NanopeerError } from '../../errors'
import type { Session } from '../session/session'
import type { Start } from '../session/start'
import { encodeFrames, type Frame, FrameType, noPayload } from '../wire/frame'
import { decodeHello, decodeReady, encodeHello, encodeReady, type Hello } from '../wire/hello'
import { messageSizeOf } from '../wire/limits'
import type { Transcript } from './authenticate'
import type { HandshakeChannel } from './channel'
import { forgottenOf, helloOf } from './hellos'
import { type Fingerprints, fingerprintsOf, isHolder, type Role } from './token-proof'

/** The two sides' names, and the secret between them where there is one. */
export interface HandshakeOptions {
  readonly localId: string
  readonly remoteId: string
  readonly secret: string | null
  /** Ms since this device took its id. */
  readonly age: number
  /** What we say of ourselves where we dial, encoded. */
  readonly metadata: Uint8Array | null
}

/** What the session needs to go on over the link. */
export interface HandshakeResult extends Start {
  readonly session: Session
}

/** What the dialling connection decides. */
export interface DialHost {
  /** The session to carry on, or to begin; older links are detached from it from here on. */
  session(): Session
  /** The remote does not know that session: end it. `session()` then begins a new one. */
  forgotten(): void
}

/** What is known of a dialler when it is judged. */
export interface Said {
  readonly metadata: unknown
  /** Has proved the secret. */
  readonly authenticated: boolean
}

/** A session that a HELLO asks for. */
export interface Candidate {
  readonly session: Session
  /** Whether this remote may come in. Rejects with `REFUSED`. `wait` asks the dialler for more time. */
  admit(said: Said, wait: () => void): Promise<void>
  /** Makes it the connection's session, ending whatever was there, and detaches older links. */
  adopt(): void
}

/** What the accepting connection decides. */
export interface AnswerHost {
  /**
   * The session that a HELLO means; null when it is not known. Rejects when this link is not wanted.
   *
   * @param isHolder whether the HELLO shows that its sender holds a token of a session
   */
  find(hello: Hello, isHolder: (session: Session) => boolean): Promise<Candidate | null>
}

/** Carries the dialler through. Rejects with what went wrong; the channel is then the caller's to close. */
export const dial = async (
  channel: HandshakeChannel,
  options: HandshakeOptions,
  host: DialHost,
): Promise<HandshakeResult> => {
  const prints = await fingerprintsOf(channel.link, 'dialler', options.secret !== null)
  channel.check()
  for (let attempt = 0; attempt < 2; attempt++) {
    const session = host.session()
    const isResume = session.remoteIncarnation !== null
    const progress = { isProved: false }
    try {
      const result = await dialOnce(channel, options, prints, session, progress)
      if (result) return result
    } catch (error) {
      throw isResume && !progress.isProved ? unproved(error) : error
    }
    host.forgotten()
  }
  throw new NanopeerError('PROTOCOL', 'The remote forgets every session.')
}

/** Null where the remote has forgotten the session. `progress` says how far it came, should it fail. */
const dialOnce = async (
  channel: HandshakeChannel,
  options: HandshakeOptions,
  prints: Fingerprints | null,
  session: Session,
  progress: { isProved: boolean },
): Promise<HandshakeResult | null> => {
  const { secret, metadata } = options
  const isNew = !session.hasBegun
  const number = ++session.highestLink
  const hello = encodeHello(helloOf(session, channel, options, number, 'dialler', prints))
  const first = frame(FrameType.Hello, hello)
  const transcript = secret === null ? null : transcriptOf(options, 'dialler', prints, hello)
  const auth = transcript && (await (await load()).prove(secret as string, 'dialler', transcript))
  if (auth) channel.send(first, frame(FrameType.Auth, auth))
  else sendReady(channel, session, [first], isNew, metadata)
  const reply = await channel.expect(FrameType.Hello, ...(auth ? [] : [FrameType.Forgotten]))
  if (reply.type === FrameType.Forgotten) return null
  const remote = decodeHello(reply.payload)
  if (remote.to !== session.incarnation) {
    throw new NanopeerError('PROTOCOL', 'The remote answered a HELLO that was not ours.')
  }
  if (transcript && auth) {
    requireNonce(remote)
    const proof = await channel.expect(FrameType.Auth)
    const whole = { ...transcript, diallerAuth: auth, accepterHello: reply.payload }
    await (await load()).verify(secret as string, 'accepter', whole, proof.payload)
    progress.isProved = true
    if (isOther(session, remote)) return null
  } else if (remote.nonce !== null) {
    throw new NanopeerError('REFUSED', 'The remote asks for a secret; connect with `secret` set.')
  }
  checkHolder(session, remote, prints)
  progress.isProved = true
  session.establish(remote)
  if (auth) sendReady(channel, session, [], isNew, metadata)
  const ready = decodeReady((await channel.expect(FrameType.Ready)).payload)
  session.tokens.held = ready.token
  return { session, received: ready.received, begun: isNew, number, rest: channel.release() }
}

/** Carries the accepter through. Rejects with what went wrong; the channel is then the caller's to refuse. */
export const answer = async (
  channel: HandshakeChannel,
  options: HandshakeOptions,
  host: AnswerHost,
): Promise<HandshakeResult> => {
  const { secret } = options
  for (let attempt = 0; attempt < 2; attempt++) {
    const first = await channel.expect(FrameType.Hello)
    const remote = decodeHello(first.payload)
    const prints = await fingerprintsOf(channel.link, 'accepter', secret !== null)
    if (secret !== null) requireNonce(remote)
    else if (remote.nonce !== null) {
      // Unless it is told, it would wait for a proof, and we for its READY, until the deadline.
      const message = 'The dialling device has a secret set, and this one has none; give both the same one.'
      throw new NanopeerError('REFUSED', message)
    }
    const transcript = secret === null ? null : transcriptOf(options, 'accepter', prints, first.payload)
    const diallerAuth = transcript ? (await channel.expect(FrameType.Auth)).payload : noPayload
    // Before anything is looked up: nobody learns, and nothing is done, for the asking.
    if (transcript) await (await load()).verify(secret as string, 'dialler', transcript, diallerAuth)
    const candidate = await host.find(remote, (it) => isHolder(it, remote, 'dialler', prints))
    const number = remote.link
    const hello = encodeHello(
      candidate
        ? helloOf(candidate.session, channel, options, number, 'accepter', prints, remote.from)
        : forgottenOf(channel, options, remote),
    )
    const reply = frame(FrameType.Hello, hello)
    if (transcript) {
      const whole = { ...transcript, diallerAuth, accepterHello: hello }
      const proof = await (await load()).prove(secret as string, 'accepter', whole)
      channel.send(reply, frame(FrameType.Auth, proof))
    } else if (!candidate) channel.send(frame(FrameType.Forgotten, noPayload))
    if (!candidate) {
      channel.skipTo(FrameType.Hello)
      continue
    }
    const { session } = candidate
    const wait = () => channel.send(frame(FrameType.Wait, noPayload))
    const ready = decodeReady((await channel.expect(FrameType.Ready)).payload)
    session.checkReceived(ready.received)
    // Not before: a number that nobody has proved to be its own must not move ours.
    session.highestLink = Math.max(session.highestLink, number)
    channel.endDeadline()
    const said = {
      metadata: ready.metadata ? decodeValue(ready.metadata) : undefined,
      authenticated: secret !== null,
    }
    await candidate.admit(said, wait)
    // A remote that has left, or broken the protocol, while it was being judged takes nothing over.
    channel.check()
    candidate.adopt()
    session.establish(remote)
    sendReady(channel, session, transcript ? [] : [reply], false, null)
    session.tokens.held = ready.token
    return { session, received: ready.received, begun: false, number, rest: channel.release() }
  }
  throw new NanopeerError('PROTOCOL', 'The remote insists on a session that is not known.')
}

/** The proofs, loaded where a secret is set. */
const load = () => import('./authenticate')

/**
 * What somebody who has proved nothing says of a session that is there costs it a link, and nothing else: with a goodbye
 * alone whoever has taken the device's id could end it.
 */
const unproved = (error: unknown): unknown =>
  error instanceof NanopeerError && error.code !== 'TIMEOUT' && error.code !== 'ABORTED'
    ? new NanopeerError(
        'CONNECTION_LOST',
        `Whoever answered has proved nothing, and said: ${error.message}`,
        {
          cause: error,
        },
      )
    : error

const frame = (type: FrameType, payload: Uint8Array): Frame => ({ type, stream: 0, payload })

/** READY counts what was received, so the session must be detached from every older link by now. */
const sendReady = (
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

/** Whether this is the HELLO of another session than the one that was meant. */
const isOther = (session: Session, remote: Hello): boolean =>
  session.remoteIncarnation !== null && remote.from !== session.remoteIncarnation

const checkHolder = (session: Session, remote: Hello, prints: Fingerprints | null): void => {
  if (session.remoteIncarnation === null) return
  if (isOther(session, remote) || !isHolder(session, remote, 'accepter', prints)) {
    throw new NanopeerError('REFUSED', 'Whoever answered is not the device that this session was held with.')
  }
}

const requireNonce = (remote: Hello): void => {
  if (remote.nonce === null) {
    throw new NanopeerError('REFUSED', 'A secret is needed here, and the other device has none set.')
  }
}

/** Where there is a secret, there are fingerprints: `fingerprintsOf` insists. */
const transcriptOf = (
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
