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
import { NanopeerError } from '../../base/errors'
import type { Session } from '../session/session'
import { FrameType } from '../wire/frame'
import { decodeHello, decodeReady, encodeHello, type Hello } from '../wire/hello'
import type { HandshakeChannel } from './channel'
import { helloOf } from './hellos'
import type { HandshakeOptions } from './options'
import { frame, type HandshakeResult, loadProofs, requireNonce, sendReady, transcriptOf } from './steps'
import { type Fingerprints, fingerprintsOf, isHolder } from './token-proof'

/** The dialler's side of a handshake. */
export class DiallerHandshake {
  private isProved = false

  private constructor(
    private readonly channel: HandshakeChannel,
    private readonly options: HandshakeOptions,
    private readonly prints: Fingerprints | null,
  ) {}

  static async begin(channel: HandshakeChannel, options: HandshakeOptions): Promise<DiallerHandshake> {
    const prints = await fingerprintsOf(channel.link, 'dialler', options.secret !== null)
    channel.check()
    return new DiallerHandshake(channel, options, prints)
  }

  /**
   * Carries a session on, or begins it. Null where the remote does not know it (any more). Rejects with what went wrong;
   * the channel is then the caller's to close.
   */
  async carry(session: Session): Promise<HandshakeResult | null> {
    const isResume = session.remoteIncarnation !== null
    this.isProved = false
    try {
      return await this.tryToCarry(session)
    } catch (error) {
      throw isResume && !this.isProved ? unproved(error) : error
    }
  }

  private async tryToCarry(session: Session): Promise<HandshakeResult | null> {
    const { channel, options, prints } = this
    const { secret, metadata } = options
    const isNew = !session.hasBegun
    const number = ++session.highestLink
    const hello = encodeHello(helloOf(session, channel, options, number, 'dialler', prints))
    const first = frame(FrameType.Hello, hello)
    const transcript = secret === null ? null : transcriptOf(options, 'dialler', prints, hello)
    const auth = transcript && (await (await loadProofs()).prove(secret as string, 'dialler', transcript))
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
      await (await loadProofs()).verify(secret as string, 'accepter', whole, proof.payload)
      this.isProved = true
      if (isOther(session, remote)) return null
    } else if (remote.nonce !== null) {
      throw new NanopeerError('REFUSED', 'The remote asks for a secret; connect with `secret` set.')
    }
    checkHolder(session, remote, prints)
    this.isProved = true
    session.establish(remote)
    if (auth) sendReady(channel, session, [], isNew, metadata)
    const ready = decodeReady((await channel.expect(FrameType.Ready)).payload)
    session.tokens.held = ready.token
    return { session, received: ready.received, begun: isNew, number, rest: channel.release() }
  }
}

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

/** Whether this is the HELLO of another session than the one that was meant. */
const isOther = (session: Session, remote: Hello): boolean =>
  session.remoteIncarnation !== null && remote.from !== session.remoteIncarnation

const checkHolder = (session: Session, remote: Hello, prints: Fingerprints | null): void => {
  if (session.remoteIncarnation === null) return
  if (isOther(session, remote) || !isHolder(session, remote, 'accepter', prints)) {
    throw new NanopeerError('REFUSED', 'Whoever answered is not the device that this session was held with.')
  }
}
