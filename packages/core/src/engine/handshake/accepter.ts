import { decodeValue } from '../../codec/read'
import type { Session } from '../session/session'
import { FrameType, noPayload } from '../wire/frame'
import { decodeHello, decodeReady, encodeHello, type Hello } from '../wire/hello'
import type { Transcript } from './authenticate'
import type { HandshakeChannel } from './channel'
import { forgottenOf, helloOf } from './hellos'
import { asksNothing, type HandshakeOptions } from './options'
import { isSameRemote, nothingProved, type Proof } from './proof'
import { frame, type HandshakeResult, loadProofs, requireProof, sendReady, transcriptOf } from './steps'
import { type Fingerprints, fingerprintsOf, isHolder } from './token-proof'

/** What a dialler has said, when it is judged. */
export interface Said {
  readonly metadata: unknown
  readonly proof: Proof
}

/** What a dialler's READY says. */
export interface DiallerReady extends Said {
  /** Frames of ours that it has. */
  readonly received: number
  readonly token: string
}

/**
 * The accepter's side of a handshake, step by step (the order is drawn in `dialler.ts`). Each step rejects with what went
 * wrong; the channel is then the caller's to refuse.
 */
export class AccepterHandshake {
  private prints: Fingerprints | null = null
  private hello!: Hello
  private proof = nothingProved
  /** What both sides' proofs cover; null where the dialler proves nothing. */
  private transcript: Transcript | null = null
  private reply: Uint8Array = noPayload

  constructor(
    private readonly channel: HandshakeChannel,
    private readonly options: HandshakeOptions,
  ) {}

  /** First: the dialler's HELLO, with what it proves. */
  async hear(): Promise<Hello> {
    const { channel, options } = this
    const { payload } = await channel.expect(FrameType.Hello)
    this.hello = decodeHello(payload)
    const proves = this.hello.nonce !== null
    if (!asksNothing(options)) requireProof(this.hello, options)
    this.prints = await fingerprintsOf(channel.link, 'accepter', proves)
    this.transcript = null
    this.proof = nothingProved
    if (proves) {
      const transcript = transcriptOf(options, 'accepter', this.prints, payload)
      const diallerAuth = (await channel.expect(FrameType.Auth)).payload
      // Before anything is looked up: nobody learns, and nothing is done, for the asking.
      this.proof = await (await loadProofs()).verify(options, 'dialler', transcript, diallerAuth)
      this.transcript = { ...transcript, diallerAuth }
    }
    return this.hello
  }

  /** Whether the dialler is the one that the session is held with, as far as keys tell. */
  isSame(session: Session): boolean {
    return isSameRemote(this.proof, session.proof)
  }

  /** Whether the HELLO shows that its sender holds a token of this session. */
  isHolder(session: Session): boolean {
    return isHolder(session, this.hello, 'dialler', this.prints)
  }

  /** The dialler has shown nothing that only the right one can: anybody can show a key that nobody has asked for. */
  isUnproved(session: Session): boolean {
    return this.hello.proof === null && this.options.secret === null && session.proof.keys.length === 0
  }

  /** Then: our HELLO for the session that was meant, or that we know of none. The dialler may begin again then. */
  async answer(session: Session | null): Promise<void> {
    const { channel, options, hello, prints, transcript } = this
    this.reply = encodeHello(
      session
        ? helloOf(session, channel, options, hello.link, 'accepter', prints, transcript !== null, hello.from)
        : forgottenOf(channel, options, transcript !== null, hello),
    )
    if (transcript) {
      const whole = { ...transcript, accepterHello: this.reply }
      const proof = await (await loadProofs()).prove(options, 'accepter', whole)
      channel.send(frame(FrameType.Hello, this.reply), frame(FrameType.Auth, proof))
    } else if (!session) channel.send(frame(FrameType.Forgotten, noPayload))
    if (!session) channel.skipTo(FrameType.Hello)
  }

  /** Then: the dialler's READY. What takes time from here on is ours. */
  async ready(session: Session): Promise<DiallerReady> {
    const { channel, hello, proof } = this
    const { received, token, metadata } = decodeReady((await channel.expect(FrameType.Ready)).payload)
    session.checkReceived(received)
    // Not before: a number that nobody has proved to be its own must not move ours.
    session.highestLink = Math.max(session.highestLink, hello.link)
    channel.endDeadline()
    return { received, token, metadata: metadata ? decodeValue(metadata) : undefined, proof }
  }

  /** What is decided in between; a remote that leaves, or breaks the protocol, is not waited for. */
  during<Result>(decision: Promise<Result>): Promise<Result> {
    return this.channel.during(decision)
  }

  /** Asks the dialler for more time. */
  wait(): void {
    this.channel.send(frame(FrameType.Wait, noPayload))
  }

  /** @throws what ended the handshake meanwhile: a remote that has left takes nothing over. */
  check(): void {
    this.channel.check()
  }

  /** Last: our READY. The session is detached from every older link by now. */
  accept(session: Session, { received, token }: DiallerReady): HandshakeResult {
    const { channel, hello, transcript, reply, proof } = this
    session.establish(hello, proof)
    const before = transcript ? [] : [frame(FrameType.Hello, reply)]
    sendReady(channel, session, before, false, session.tokens.tell(true), null)
    session.tokens.hear(token, this.prints !== null)
    const { link: number, requests } = hello
    return { session, received, begun: false, number, requests, rest: channel.release() }
  }
}
