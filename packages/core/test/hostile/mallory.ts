import type { Clock } from '../../src/base/clock'
import type { Link, PlainChannel, Signalling, Transport } from '../../src/base/transport'
import { decodeValue } from '../../src/codec/read'
import { encodeValue } from '../../src/codec/write'
import { type Fingerprints, fingerprintsOf, proofOf } from '../../src/engine/handshake/token-proof'
import { type Auth, encodeAuth } from '../../src/engine/wire/auth'
import { decodeFrames, encodeFrames, type Frame, FrameType, noPayload } from '../../src/engine/wire/frame'
import {
  decodeHello,
  decodeReady,
  encodeHello,
  encodeReady,
  type Hello,
  type Ready,
} from '../../src/engine/wire/hello'
import { protocolVersion } from '../../src/engine/wire/limits'
import { encodeVarint } from '../../src/engine/wire/varint'
import { encodeRequest } from '../support/encode-request'

/** Waits until a condition holds, on whatever clock the stage runs. */
export type Until = (condition: () => boolean, what: string) => Promise<void>

export const frame = (type: FrameType, stream = 0, payload: Uint8Array = noPayload, more = false): Frame => ({
  type,
  stream,
  payload,
  more,
})

/** A request as a well-behaved asker would send it. */
export const request = (
  stream: number,
  action: string,
  input: unknown = null,
  kind: 'value' | 'bytes' | 'events' = 'value',
  body: { size: number | null } | null = null,
): Frame =>
  frame(
    FrameType.Request,
    stream,
    encodeRequest({ action, kind, body, requestId: null }, encodeValue(input, 'INVALID_INPUT')),
  )

export const credit = (stream: number, offset: number): Frame =>
  frame(FrameType.Credit, stream, encodeVarint(offset))

export const acknowledge = (count: number): Frame => frame(FrameType.Acknowledge, 0, encodeVarint(count))

/** A HELLO for a new session, unless told otherwise. */
export const hello = (fields: Partial<Hello> = {}): Frame =>
  frame(
    FrameType.Hello,
    0,
    encodeHello({
      version: protocolVersion,
      from: `mallory-${++count}`,
      to: null,
      link: 1,
      proof: null,
      frameSize: 65_536,
      window: 262_144,
      age: 0,
      nonce: null,
      requests: null,
      ...fields,
    }),
  )
let count = 0

/** An AUTH that proves nothing, unless told otherwise. */
export const auth = (fields: Partial<Auth> = {}): Frame =>
  frame(FrameType.Auth, 0, encodeAuth({ mac: null, signed: null, ...fields }))

export const ready = (received = 0, token = 'mallory', metadata: Uint8Array | null = null): Frame =>
  frame(FrameType.Ready, 0, encodeReady({ received, token, metadata }))

/** The code that a BYE, or a FAIL, carries. */
export const byeCode = ({ payload }: Frame): unknown => (decodeValue(payload) as unknown[])[0]

/** The victim has closed a link of Mallory's, with this code, where it gave one. */
export class LinkClosed extends Error {
  constructor(
    awaited: FrameType,
    readonly code: unknown,
  ) {
    super(`Mallory's link was closed before frame ${awaited}: ${code}.`)
  }
}

/** A channel of Mallory's: nothing in it keeps to the protocol unless the test does. */
export class MalloryLink {
  readonly frames: Frame[] = []
  isClosed = false
  private pings = 1_000_000
  /** False: what arrives stays unread, as with a remote that has stopped listening. */
  private readonly unlisten: () => void

  constructor(
    readonly link: Link,
    private readonly until: Until,
  ) {
    this.unlisten = link.listen({
      message: (bytes) => this.frames.push(...decodeFrames(bytes)),
      drained: () => {},
      closed: () => {
        this.isClosed = true
      },
    })
  }

  /** All of them in one message. */
  send(...frames: Frame[]): void {
    this.link.send(encodeFrames(...frames))
  }

  raw(bytes: Uint8Array<ArrayBuffer>): void {
    this.link.send(bytes)
  }

  /** Frames of a type that have arrived. */
  of(type: FrameType, stream?: number): Frame[] {
    return this.frames.filter((it) => it.type === type && (stream === undefined || it.stream === stream))
  }

  async next(type: FrameType, stream?: number): Promise<Frame> {
    const has = () => this.of(type, stream).length > 0
    await this.until(() => has() || this.isClosed, `frame ${type} at Mallory's`)
    if (!has()) throw new LinkClosed(type, this.of(FrameType.Bye).map(byeCode)[0] ?? null)
    return this.of(type, stream)[0] as Frame
  }

  /** Resolves when the victim has read everything that was sent, or has closed the channel. */
  async delivered(): Promise<void> {
    const nonce = encodeVarint(++this.pings)
    this.send(frame(FrameType.Ping, 0, nonce))
    const isAnswered = () => this.of(FrameType.Pong).some(({ payload }) => `${payload}` === `${nonce}`)
    await this.until(() => this.isClosed || isAnswered(), 'the victim to have read it all')
  }

  /** Resolves when the victim has said anything, or has closed the channel. */
  answered(): Promise<void> {
    return this.until(() => this.isClosed || this.frames.length > 0, 'an answer of any kind')
  }

  /** Resolves when the victim has closed the channel. */
  closed(): Promise<void> {
    return this.until(() => this.isClosed, "Mallory's link to be closed")
  }

  /** What whoever dialled this link would show for a token. */
  async proof(token: string, { from, link }: { from: string; link: number }): Promise<string> {
    const prints = await fingerprintsOf(this.link, 'dialler', true)
    return proofOf(token, { from, link }, 'dialler', prints as Fingerprints)
  }

  /** Begins a session without a secret, as an honest remote would. */
  async shakeHands(fields: Partial<Hello> = {}): Promise<{ hello: Hello; ready: Ready }> {
    this.send(hello(fields), ready())
    const theirs = await this.next(FrameType.Ready)
    return {
      hello: decodeHello((await this.next(FrameType.Hello)).payload),
      ready: decodeReady(theirs.payload),
    }
  }

  close(): Promise<void> {
    this.unlisten()
    return this.link.close(0)
  }
}

/** Somebody with an id of their own and no intention to behave. */
export class Mallory {
  private readonly links: MalloryLink[] = []
  private readonly floods = new AbortController()

  private constructor(
    readonly id: string,
    private readonly signalling: Signalling,
    private readonly clock: Clock,
    private readonly until: Until,
    /** Links that others dialled, oldest first. */
    readonly inbound: readonly MalloryLink[],
    /** The same of those who took us for a PeerJS client. */
    readonly inboundPlain: readonly PlainChannel[],
  ) {}

  static async join(
    transport: Transport,
    id: string,
    clock: Clock,
    until: Until,
    options: Parameters<Transport['join']>[1] = {},
  ): Promise<Mallory> {
    let isOpen = false
    const inbound: MalloryLink[] = []
    const inboundPlain: PlainChannel[] = []
    const signalling = transport.join(id, options, {
      connecting: () => {},
      open: () => {
        isOpen = true
      },
      disconnected: () => {},
      link: (link) => inbound.push(new MalloryLink(link, until)),
      plain: (channel) => inboundPlain.push(channel),
    })
    await until(() => isOpen, 'Mallory to be registered')
    return new Mallory(id, signalling, clock, until, inbound, inboundPlain)
  }

  /** @param patience ms after which the dial is given up */
  async dial(remoteId: string, metadata?: unknown, patience = 10_000): Promise<MalloryLink> {
    const controller = new AbortController()
    const stop = this.clock.after(patience, () => controller.abort(new Error('Mallory gave up.')))
    let link: Link | null = null
    let failure: unknown = null
    this.signalling.dial(remoteId, { signal: controller.signal, metadata }).then(
      (opened) => {
        link = opened
      },
      (error) => {
        failure = error
      },
    )
    await this.until(() => link !== null || failure !== null, `Mallory's dial to ${remoteId}`)
    stop()
    if (failure !== null) throw failure
    const opened = new MalloryLink(link as unknown as Link, this.until)
    this.links.push(opened)
    return opened
  }

  /** Dials as a plain PeerJS client. */
  dialPlain(remoteId: string): Promise<PlainChannel> {
    return this.signalling.dialPlain(remoteId, { signal: AbortSignal.any([this.floods.signal]) })
  }

  /** Dials `count` times at once, and does not care what comes of it. */
  flood(remoteId: string, count: number): void {
    for (let dial = 0; dial < count; dial++) {
      this.signalling.dial(remoteId, { signal: AbortSignal.any([this.floods.signal]) }).then(
        (link) => this.links.push(new MalloryLink(link, this.until)),
        () => {},
      )
    }
  }

  /** A link with a session on it. */
  async enter(remoteId: string): Promise<MalloryLink> {
    const link = await this.dial(remoteId)
    await link.shakeHands()
    return link
  }

  async leave(): Promise<void> {
    this.floods.abort(new Error('Mallory left.'))
    await Promise.all([...this.links.splice(0), ...this.inbound].map((link) => link.close()))
    await this.signalling.leave()
  }
}
