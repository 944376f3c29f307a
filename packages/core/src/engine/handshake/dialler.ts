/**
 * How a link becomes the carrier of a session. Both sides say HELLO (who, which session) and READY (how far, and what the
 * dialler says of itself), with what each proves (AUTH) in between where there is a secret, or a key:
 *
 *     without:  dialler  HELLO READY [requests]      accepter  HELLO READY
 *     with:     dialler  HELLO AUTH     accepter  HELLO AUTH     dialler  READY [requests]     accepter  READY
 *
 * The requests in brackets follow at once where the remote has all that was written before, as in a new session; else it has
 * to say first what it has, in its READY.
 * Whoever has not proved what is asked of him is told nothing but a HELLO and an AUTH, and believed nothing: not even that he
 * has forgotten a session, which between these two is told by the HELLO of another one.
 */
import { NanopeerError } from '../../base/errors'
import type { Session } from '../session/session'
import { type Frame, FrameType } from '../wire/frame'
import { decodeHello, decodeReady, encodeHello, type Hello } from '../wire/hello'
import type { HandshakeChannel } from './channel'
import { helloOf } from './hellos'
import { type HandshakeOptions, hasProofs } from './options'
import { isSameRemote, keyChanged, nothingProved, type Proof } from './proof'
import { frame, type HandshakeResult, loadProofs, requireProof, sendReady, transcriptOf } from './steps'
import { type Fingerprints, fingerprintsOf, isHolder } from './token-proof'

/** What dialling takes besides. */
export interface DiallerOptions extends HandshakeOptions {
  /** Hears which key the remote has proved, before anything is asked of it; says what that makes of it. */
  learned(proof: Proof): Promise<Proof>
}

/** The dialler's side of a handshake. */
export class DiallerHandshake {
  private isProved = false

  private constructor(
    private readonly channel: HandshakeChannel,
    private readonly options: DiallerOptions,
    private readonly prints: Fingerprints | null,
  ) {}

  static async begin(channel: HandshakeChannel, options: DiallerOptions): Promise<DiallerHandshake> {
    const prints = await fingerprintsOf(channel.link, 'dialler', hasProofs(options))
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
    const proves = hasProofs(options)
    const number = ++session.highestLink
    const hello = encodeHello(helloOf(session, channel, options, number, 'dialler', prints, proves))
    const first = frame(FrameType.Hello, hello)
    const transcript = proves ? transcriptOf(options, 'dialler', prints, hello) : null
    const auth = transcript && (await (await loadProofs()).prove(options, 'dialler', transcript))
    if (auth) channel.send(first, frame(FrameType.Auth, auth))
    // Whoever answered the last dial without a word may have read a token that nobody has shown since.
    if (session.remoteIncarnation === null) session.tokens.forget()
    let begun = !auth && this.sendReady(session, [first], false)
    const reply = await channel.expect(FrameType.Hello, ...(auth ? [] : [FrameType.Forgotten]))
    if (reply.type === FrameType.Forgotten) return null
    const remote = decodeHello(reply.payload)
    if (remote.to !== session.incarnation) {
      throw new NanopeerError('PROTOCOL', 'The remote answered a HELLO that was not ours.')
    }
    let proof = nothingProved
    if (transcript && auth) {
      requireProof(remote, options)
      const { payload } = await channel.expect(FrameType.Auth)
      const whole = { ...transcript, diallerAuth: auth, accepterHello: reply.payload }
      proof = await (await loadProofs()).verify(options, 'accepter', whole, payload)
      checkSame(session, proof)
      if (proof.keys.length > 0) proof = await options.learned(proof)
      this.isProved = true
      if (isOther(session, remote)) return null
    } else if (remote.nonce !== null) {
      throw new NanopeerError('REFUSED', 'The remote asks for a secret; connect with `secret` set.')
    }
    checkHolder(session, remote, prints)
    this.isProved = true
    session.establish(remote, proof)
    if (auth) begun = this.sendReady(session, [], true)
    const ready = decodeReady((await channel.expect(FrameType.Ready)).payload)
    session.tokens.hear(ready.token, prints !== null)
    // It is sent behind ours.
    session.tokens.confirm()
    const { requests } = remote
    return { session, received: ready.received, begun, number, requests, rest: channel.release() }
  }

  /** READY, with requests behind it where they are next in the remote's count; says whether they are. */
  private sendReady(session: Session, before: readonly Frame[], isProved: boolean): boolean {
    const begun = session.isAcknowledged
    const token = session.tokens.tell(isProved)
    sendReady(this.channel, session, before, begun, token, this.options.metadata)
    return begun
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

const checkSame = (session: Session, proof: Proof): void => {
  if (isSameRemote(proof, session.proof)) return
  throw keyChanged(session.proof.keys[0] as string, proof.keys)
}

const checkHolder = (session: Session, remote: Hello, prints: Fingerprints | null): void => {
  if (session.remoteIncarnation === null) return
  if (isOther(session, remote) || !isHolder(session, remote, 'accepter', prints)) {
    throw new NanopeerError('REFUSED', 'Whoever answered is not the device that this session was held with.')
  }
}
