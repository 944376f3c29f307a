import type { Clock } from '../../base/clock'
import { NanopeerError } from '../../base/errors'
import type { Link } from '../../base/transport'
import { byeError, goodbye } from '../wire/failure'
import { decodeFrames, encodeFrames, type Frame, FrameType, isCounted } from '../wire/frame'
import { earlyBytes, maxHandshakeFrame } from '../wire/limits'

const lost = () => new NanopeerError('CONNECTION_LOST', 'The link closed during the handshake.')

/**
 * A link during its handshake: frames are awaited one by one, within a deadline, and no stranger can make us hold
 * more than a handshake and the early bytes.
 */
export class HandshakeChannel {
  private readonly unread: Frame[] = []
  private held = 0
  private error: NanopeerError | null = null
  private hasHeard = false
  /** Requests of a new session have followed our handshake: the remote may have run them, whatever becomes of the link. */
  hasAsked = false
  private waiting: { resolve(frame: Frame): void; reject(error: NanopeerError): void } | null = null
  private stopDeadline: (() => void) | null = null
  private unlisten: (() => void) | null = null
  private readonly waitsUntil: number

  /** @param patience ms for which the other side may ask for more time; 0 when it has nothing to ask for */
  constructor(
    readonly link: Link,
    private readonly clock: Clock,
    private readonly timeout: number,
    private readonly patience: number,
  ) {
    this.waitsUntil = clock.now() + patience
    this.restartDeadline()
    this.unlisten = link.listen({
      message: (bytes) => this.read(bytes),
      drained: () => {},
      closed: () => this.fail(lost()),
    })
    if (this.error) this.unlisten()
  }

  private restartDeadline(): void {
    this.stopDeadline?.()
    this.stopDeadline = this.clock.after(this.timeout, () => {
      this.fail(
        new NanopeerError('TIMEOUT', `The remote did not finish the handshake within ${this.timeout} ms.`),
      )
    })
  }

  /**
   * The next frame, which must be of one of these types. WAIT is heard here and extends the deadline.
   *
   * @throws what a BYE says; `PROTOCOL`, `TIMEOUT` or `CONNECTION_LOST` otherwise.
   */
  async expect(...types: readonly FrameType[]): Promise<Frame> {
    for (;;) {
      const frame = await this.next()
      if (types.includes(frame.type)) return frame
      if (frame.type === FrameType.Wait && this.patience > 0) this.extendDeadline()
      else if (frame.type === FrameType.Bye) throw byeError(frame)
      else
        throw new NanopeerError(
          'PROTOCOL',
          `The remote sent frame ${frame.type} in the middle of a handshake.`,
        )
    }
  }

  /** The other side has done its part: what takes time from here on is ours. */
  endDeadline(): void {
    this.stopDeadline?.()
  }

  /** Closed before the other side had said a word, and before anything was asked of it. */
  get isStillborn(): boolean {
    return this.error?.code === 'CONNECTION_LOST' && !this.hasHeard && !this.hasAsked
  }

  /** @throws what ended the handshake meanwhile. For those who are about to act on what has come. */
  check(): void {
    if (this.error) throw this.error
  }

  /** Skips what follows a HELLO for a session that is not known: it is discarded, never run. */
  skipTo(type: FrameType): void {
    while (this.unread.length > 0 && this.unread[0]?.type !== type) {
      this.held -= (this.unread.shift() as Frame).payload.length
    }
  }

  send(...frames: readonly Frame[]): void {
    this.link.send(encodeFrames(...frames))
  }

  /** Hands the link over: stops reading and returns what came behind the handshake. */
  release(): Frame[] {
    this.stopDeadline?.()
    this.unlisten?.()
    this.unlisten = null
    return this.unread.splice(0)
  }

  /** Gives up from this side: whoever awaits a frame is told `error`. */
  abort(error: NanopeerError): void {
    this.fail(error)
  }

  /** Says why, and closes. */
  async refuse(error: NanopeerError): Promise<void> {
    this.release()
    this.send(goodbye(error))
    await this.link.close()
  }

  /** The other side asked for time: the deadline starts anew, but not for ever. */
  private extendDeadline(): void {
    if (this.clock.now() < this.waitsUntil) this.restartDeadline()
  }

  private next(): Promise<Frame> {
    const frame = this.unread.shift()
    if (frame) {
      this.held -= frame.payload.length
      return Promise.resolve(frame)
    }
    if (this.error) return Promise.reject(this.error)
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject }
    })
  }

  private read(bytes: Uint8Array): void {
    this.hasHeard = true
    try {
      for (const frame of decodeFrames(bytes)) this.take(frame)
    } catch (error) {
      this.fail(error as NanopeerError)
    }
  }

  private take(frame: Frame): void {
    if (!isCounted(frame.type) && frame.payload.length > maxHandshakeFrame) {
      throw new NanopeerError('PROTOCOL', 'The remote sent an oversized handshake.')
    }
    if (this.waiting) {
      const { resolve } = this.waiting
      this.waiting = null
      resolve(frame)
      return
    }
    this.unread.push(frame)
    this.held += frame.payload.length
    if (this.held > earlyBytes + maxHandshakeFrame || this.unread.length > earlyBytes / 4) {
      throw new NanopeerError('PROTOCOL', 'The remote sent too much before it was accepted.')
    }
  }

  private fail(error: NanopeerError): void {
    this.error ??= error
    // What came before the link closed still counts (a goodbye says why); before anything else it does not.
    if (error.code !== 'CONNECTION_LOST') this.unread.length = 0
    this.stopDeadline?.()
    this.unlisten?.()
    this.waiting?.reject(this.error)
    this.waiting = null
  }
}
