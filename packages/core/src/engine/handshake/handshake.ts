/**
 * How a link becomes the carrier of a session. Both sides say HELLO (who, which session) and READY (how far), with a
 * proof of the secret (AUTH) in between where there is one:
 *
 *     without:  dialler  HELLO READY [requests]      accepter  HELLO READY
 *     with:     dialler  HELLO     accepter  HELLO AUTH     dialler  AUTH READY [requests]     accepter  READY
 *
 * The requests in brackets follow at once only in a new session; on a resume nothing follows before the other's READY.
 */
import { NanopeerError } from '../../errors'
import type { Session } from '../session/session'
import type { Start } from '../session/start'
import { encodeFrames, type Frame, FrameType, maxFrameHead, noPayload } from '../wire/frame'
import { decodeHello, decodeReady, encodeHello, encodeReady, type Hello } from '../wire/hello'
import { initialWindow, maxFrameSize, messageSizeOf, protocolVersion } from '../wire/limits'
import type { HandshakeChannel } from './channel'

/** The two sides' names, and the secret between them where there is one. */
export interface HandshakeOptions {
  readonly localId: string
  readonly remoteId: string
  readonly secret: string | null
  /** Ms since this device took its id. */
  readonly age: number
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

/** A session that a HELLO asks for. */
export interface Candidate {
  readonly session: Session
  /** Whether this remote may come in. Rejects with `REFUSED`. `wait` asks the dialler for more time. */
  admit(authenticated: boolean, wait: () => void): Promise<void>
  /** Makes it the connection's session, ending whatever was there, and detaches older links. */
  adopt(): void
}

/** What the accepting connection decides. */
export interface AnswerHost {
  /** The session that a HELLO means; null when it is not known. Rejects when this link is not wanted. */
  find(hello: Hello): Promise<Candidate | null>
}

/** Carries the dialler through. Rejects with what went wrong; the channel is then the caller's to close. */
export const dial = async (
  channel: HandshakeChannel,
  options: HandshakeOptions,
  host: DialHost,
): Promise<HandshakeResult> => {
  for (let attempt = 0; attempt < 2; attempt++) {
    const session = host.session()
    const isNew = !session.hasBegun
    const number = ++session.highestLink
    const hello = encodeHello(helloOf(session, channel, options, number))
    const first = frame(FrameType.Hello, hello)
    if (options.secret === null) sendReady(channel, session, [first], isNew)
    else channel.send(first)
    const reply = await channel.expect(FrameType.Hello, FrameType.Forgotten)
    if (reply.type === FrameType.Forgotten) {
      host.forgotten()
      continue
    }
    const remote = decodeHello(reply.payload)
    checkReply(session, remote)
    if (options.secret !== null) {
      requireNonce(remote)
      const { prove, verify } = await import('./authenticate')
      const transcript = await transcriptOf(channel, options, 'dialler', hello, reply.payload)
      const proof = await channel.expect(FrameType.Auth)
      await verify(options.secret, 'accepter', transcript, proof.payload)
      const ours = frame(FrameType.Auth, await prove(options.secret, 'dialler', transcript))
      session.establish(remote)
      sendReady(channel, session, [ours], isNew)
    } else if (remote.nonce !== null) {
      throw new NanopeerError('REFUSED', 'The remote asks for a secret; connect with `secret` set.')
    }
    session.establish(remote)
    const ready = decodeReady((await channel.expect(FrameType.Ready)).payload)
    session.tokens.held = ready.token
    return { session, received: ready.received, begun: isNew, number, rest: channel.release() }
  }
  throw new NanopeerError('PROTOCOL', 'The remote forgets every session.')
}

/** Carries the accepter through. Rejects with what went wrong; the channel is then the caller's to refuse. */
export const answer = async (
  channel: HandshakeChannel,
  options: HandshakeOptions,
  host: AnswerHost,
): Promise<HandshakeResult> => {
  for (let attempt = 0; attempt < 2; attempt++) {
    const first = await channel.expect(FrameType.Hello)
    const remote = decodeHello(first.payload)
    if (remote.version !== protocolVersion) {
      const versions = `${remote.version}, this device ${protocolVersion}; bring both to the same release`
      throw new NanopeerError('PROTOCOL', `The remote speaks version ${versions}.`)
    }
    if (options.secret !== null) requireNonce(remote)
    else if (remote.nonce !== null) {
      // Unless it is told, it would wait for a proof, and we for its READY, until the deadline.
      const message = 'The dialling device has a secret set, and this one has none; give both the same one.'
      throw new NanopeerError('REFUSED', message)
    }
    const candidate = await host.find(remote)
    if (!candidate) {
      channel.send(frame(FrameType.Forgotten, noPayload))
      channel.skipTo(FrameType.Hello)
      continue
    }
    const { session } = candidate
    const number = remote.link
    const hello = encodeHello(helloOf(session, channel, options, number, remote.from))
    const reply = frame(FrameType.Hello, hello)
    const wait = () => channel.send(frame(FrameType.Wait, noPayload))
    if (options.secret !== null) {
      const { prove, verify } = await import('./authenticate')
      const transcript = await transcriptOf(channel, options, 'accepter', first.payload, hello)
      channel.send(reply, frame(FrameType.Auth, await prove(options.secret, 'accepter', transcript)))
      const proof = await channel.expect(FrameType.Auth)
      await verify(options.secret, 'dialler', transcript, proof.payload)
    }
    const ready = decodeReady((await channel.expect(FrameType.Ready)).payload)
    session.checkReceived(ready.received)
    // Not before: a number that nobody has proved to be its own must not move ours.
    session.highestLink = Math.max(session.highestLink, number)
    channel.endDeadline()
    await candidate.admit(options.secret !== null, wait)
    // A remote that has left, or broken the protocol, while it was being judged takes nothing over.
    channel.check()
    candidate.adopt()
    session.establish(remote)
    sendReady(channel, session, options.secret === null ? [reply] : [], false)
    session.tokens.held = ready.token
    return { session, received: ready.received, begun: false, number, rest: channel.release() }
  }
  throw new NanopeerError('PROTOCOL', 'The remote insists on a session that is not known.')
}

const frame = (type: FrameType, payload: Uint8Array): Frame => ({ type, stream: 0, payload })

const helloOf = (
  session: Session,
  channel: HandshakeChannel,
  { secret, age }: HandshakeOptions,
  link: number,
  to = session.remoteIncarnation,
): Hello => {
  const room = messageSizeOf(channel.link) - 4 * maxFrameHead
  return {
    version: protocolVersion,
    from: session.incarnation,
    to,
    link,
    proof: session.tokens.held,
    frameSize: Math.min(maxFrameSize, room),
    window: initialWindow,
    age: Math.ceil(age),
    nonce: secret === null ? null : crypto.getRandomValues(new Uint8Array(32)),
  }
}

/** READY counts what was received, so the session must be detached from every older link by now. */
const sendReady = (
  channel: HandshakeChannel,
  session: Session,
  before: readonly Frame[],
  early: boolean,
): void => {
  const ready = encodeReady({ received: session.receivedCount, token: session.tokens.issue() })
  const handshake = encodeFrames(...before, frame(FrameType.Ready, ready))
  const room = messageSizeOf(channel.link) - handshake.length
  const requests = early ? session.early(room) : noPayload
  const message = new Uint8Array(handshake.length + requests.length)
  message.set(handshake)
  message.set(requests, handshake.length)
  channel.hasAsked ||= requests.length > 0
  channel.link.send(message)
}

const checkReply = (session: Session, remote: Hello): void => {
  if (remote.version !== protocolVersion || remote.to !== session.incarnation) {
    throw new NanopeerError('PROTOCOL', 'The remote answered a HELLO that was not ours.')
  }
  if (session.remoteIncarnation === null) return
  if (remote.from !== session.remoteIncarnation || !session.tokens.accept(remote.proof)) {
    throw new NanopeerError('REFUSED', 'Whoever answered is not the device that this session was held with.')
  }
}

const requireNonce = (remote: Hello): void => {
  if (remote.nonce === null) {
    throw new NanopeerError('REFUSED', 'A secret is needed here, and the other device has none set.')
  }
}

const transcriptOf = async (
  channel: HandshakeChannel,
  { localId, remoteId }: HandshakeOptions,
  role: 'dialler' | 'accepter',
  diallerHello: Uint8Array,
  accepterHello: Uint8Array,
) => {
  const { local, remote } = await channel.link.fingerprints()
  const weDialled = role === 'dialler'
  return {
    diallerId: weDialled ? localId : remoteId,
    accepterId: weDialled ? remoteId : localId,
    diallerHello,
    accepterHello,
    diallerFingerprint: weDialled ? local : remote,
    accepterFingerprint: weDialled ? remote : local,
  }
}
