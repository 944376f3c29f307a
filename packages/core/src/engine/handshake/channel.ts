import type { Clock } from '../../base/clock'
import { NanopeerError } from '../../base/errors'
import type { Link } from '../../base/transport'
import { byeError, goodbye, unreadable } from '../wire/failure'
import { decodeFrames, encodeFrames, type Frame, FrameType, isCounted } from '../wire/frame'
import { maxHandshakeBytes, maxHandshakeFrame, messageOverhead } from '../wire/limits'

const lost = () => new NanopeerError('CONNECTION_LOST', 'The link closed during the handshake.')

const tooMuch = () => new NanopeerError('PROTOCOL', 'The remote sent too much before it was accepted.')

/**
 * A link during its handshake: frames are awaited one by one, within a deadline, and no stranger can make us hold
 * more than a handshake and the early bytes.
 */
export class HandshakeChannel {
  /** Messages as they came: frames, taken apart, weigh fifty times the bytes of an empty one. */
  private readonly unread: { readonly size: number; readonly frames: Generator<Frame, void> }[] = []
  /** Read already, and put back. */
  private ahead: Frame | null = null
  private held = 0
  private error: NanopeerError | null = null
  private hasHeard = false
  /** Requests of a new session have followed our handshake: the remote may have run them, whatever becomes of the link. */
  hasAsked = false
  private interrupt: ((error: NanopeerError) => void) | null = null
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
    this.startDeadline()
    this.unlisten = link.listen({
      message: (bytes) => this.read(bytes),
      drained: () => {},
      closed: () => this.fail(lost()),
    })
    if (this.error) this.unlisten()
  }

  /** The other side has so many ms from now on. */
  startDeadline(
    timeout = this.timeout,
    message = `The remote did not finish the handshake within ${timeout} ms.`,
  ): void {
    this.stopDeadline?.()
    this.stopDeadline = this.clock.after(timeout, () => this.fail(new NanopeerError('TIMEOUT', message)))
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

  /** What this side waits for in the middle of a handshake; rejects at once with what ends that meanwhile. */
  async during<Result>(work: Promise<Result>): Promise<Result> {
    const interrupted = new Promise<never>((_resolve, reject) => {
      this.interrupt = reject
      if (this.error) reject(this.error)
    })
    return Promise.race([interrupted, work]).finally(() => (this.interrupt = null))
  }

  /** @throws what ended the handshake meanwhile. For those who are about to act on what has come. */
  check(): void {
    if (this.error) throw this.error
  }

  /** Skips what follows a HELLO for a session that is not known: it is discarded, never run. */
  skipTo(type: FrameType): void {
    let frame = this.shift()
    while (frame && frame.type !== type) frame = this.shift()
    this.ahead = frame
  }

  send(...frames: readonly Frame[]): void {
    this.link.send(encodeFrames(...frames))
  }

  /** Hands the link over: stops reading and returns what came behind the handshake. */
  release(): Frame[] {
    this.stopDeadline?.()
    this.unlisten?.()
    this.unlisten = null
    const rest: Frame[] = []
    for (let frame = this.shift(); frame; frame = this.shift()) rest.push(frame)
    return rest
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
    if (this.clock.now() < this.waitsUntil) this.startDeadline()
  }

  private next(): Promise<Frame> {
    const frame = this.shift()
    if (frame) return Promise.resolve(frame)
    if (this.error) return Promise.reject(this.error)
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject }
    })
  }

  private read(bytes: Uint8Array): void {
    this.hasHeard = true
    try {
      for (const { type, payload } of decodeFrames(bytes)) {
        if (!isCounted(type) && payload.length > maxHandshakeFrame) throw tooMuch()
      }
      const size = bytes.length + messageOverhead
      this.held += size
      this.unread.push({ size, frames: decodeFrames(bytes) })
      const frame = this.waiting && this.shift()
      if (frame) {
        this.waiting?.resolve(frame)
        this.waiting = null
      }
      if (this.held > maxHandshakeBytes) throw tooMuch()
    } catch (error) {
      this.fail(unreadable(error))
    }
  }

  /** The next frame that has come; null where there is none. */
  private shift(): Frame | null {
    const { ahead } = this
    this.ahead = null
    if (ahead) return ahead
    for (let message = this.unread[0]; message; message = this.unread[0]) {
      const { value } = message.frames.next()
      if (value) return value
      this.held -= message.size
      this.unread.shift()
    }
    return null
  }

  private fail(error: NanopeerError): void {
    this.error ??= error
    // What came before the link closed still counts (a goodbye says why); before anything else it does not.
    if (error.code !== 'CONNECTION_LOST') {
      this.ahead = null
      this.unread.length = 0
    }
    this.stopDeadline?.()
    this.unlisten?.()
    this.interrupt?.(this.error)
    this.waiting?.reject(this.error)
    this.waiting = null
  }
}
