import { v4 as uuid } from 'uuid'
import { NanopeerError } from '../src/base/errors'
import type {
  DialFailure,
  DialOptions,
  Link,
  PlainChannel,
  Signalling,
  SignallingEvents,
  Standing,
  Verdict,
} from '../src/base/transport'
import { dialError } from '../src/engine/signalling/dial-error'
import type { Registrant, Switchboard } from './switchboard'

/** Ms between two attempts to register. */
const retryDelay = 1000

/** One id registered with the test network, or trying to be. */
export class TestSignalling implements Signalling, Registrant {
  private state: 'waiting' | 'open' | 'left' = 'waiting'
  private stopAttempt: () => void
  private readonly whenOpen = new Set<() => void>()
  /** Fails the dials that wait. */
  private readonly dials = new Set<(error: NanopeerError) => void>()

  constructor(
    private readonly board: Switchboard,
    readonly id: string,
    readonly events: SignallingEvents,
  ) {
    this.stopAttempt = board.clock.after(0, () => this.attempt())
  }

  get hasLeft(): boolean {
    return this.state === 'left'
  }

  get isOpen(): boolean {
    return this.state === 'open'
  }

  dial(remoteId: string, options: DialOptions): Promise<Link> {
    return this.reach(remoteId, options, (remote, standing) => {
      const { near, far } = this.board.link(this, remote, options.metadata)
      remote.events.link(far, standing)
      return near
    })
  }

  dialPlain(remoteId: string, options: DialOptions): Promise<PlainChannel> {
    return this.reach(remoteId, options, (remote, standing) => {
      const { near, far } = this.board.plain(this, remote, options.metadata)
      remote.events.plain(far, standing)
      return near
    })
  }

  retry(): void {
    if (this.state !== 'waiting') return
    this.stopAttempt()
    this.attempt()
  }

  async leave(): Promise<void> {
    this.stop(new NanopeerError('DESTROYED', 'This peer has left the network.'))
  }

  /** Signalling is gone: the server is down, or somebody pulled the plug. */
  lose(): void {
    if (this.state !== 'open') return
    this.state = 'waiting'
    this.board.unregister(this)
    this.fail(new NanopeerError('NETWORK', 'The signalling server cannot be reached.'))
  }

  /** Ends it without an event. */
  stop(error: NanopeerError): void {
    this.state = 'left'
    this.stopAttempt()
    this.board.unregister(this)
    this.board.signallings.delete(this)
    for (const fail of [...this.dials]) fail(error)
  }

  private attempt(): void {
    this.events.connecting()
    this.stopAttempt = this.board.clock.after(2 * this.board.path.delay, () => {
      const error = this.board.register(this)
      if (error) {
        this.fail(error)
        return
      }
      this.state = 'open'
      this.events.open()
      for (const go of [...this.whenOpen]) go()
    })
  }

  private fail(error: NanopeerError): void {
    this.stopAttempt = this.board.clock.after(retryDelay, () => this.attempt())
    this.events.disconnected(error, Date.now() + retryDelay)
  }

  /** Waits for signalling, for the remote's answer and for a path, and says at which of them it stopped. */
  private reach<Channel>(
    remoteId: string,
    { signal, answered, credential }: DialOptions,
    connect: (remote: Registrant, standing: Standing) => Channel,
  ): Promise<Channel> {
    return new Promise((resolve, reject) => {
      let stage: DialFailure['stage'] = 'signalling'
      let stop = (): void => {}
      let isOver = false
      const settle = (): void => {
        isOver = true
        stop()
        this.dials.delete(fail)
        signal.removeEventListener('abort', abort)
      }
      const fail = (error: unknown): void => {
        settle()
        reject(dialError(error, stage === 'ice' ? { stage, relayCandidate: false } : { stage }, remoteId))
      }
      const abort = (): void => fail(signal.reason)
      const connected = (): void => {
        const remote = this.board.find(remoteId)
        if (!remote) {
          fail(new NanopeerError('PEER_UNAVAILABLE', `No device is registered as "${remoteId}".`))
          return
        }
        const connectionId = uuid()
        const judge = (shown: string | null = null) =>
          remote.events.offer?.({ remoteId: this.id, connectionId, credential: shown }) ?? 'stranger'
        const verdict = credential ? credential(connectionId).then(judge) : judge(null)
        if (typeof verdict === 'string') judged(remote, verdict)
        else verdict.then((decided) => judged(remote, decided), fail)
      }
      const judged = (remote: Registrant, verdict: Verdict): void => {
        // Ignored: nobody answers, and nobody says so.
        if (isOver || verdict === 'ignored') return
        if (verdict === 'busy') {
          fail(new NanopeerError('OVERLOADED', `"${remoteId}" is dialled by too many that it does not know.`))
          return
        }
        stage = 'ice'
        answered?.()
        stop = this.board.whenReachable(this.id, remoteId, () => {
          // It was killed meanwhile: nobody answers any more, and ICE goes on until the deadline.
          if (remote.hasLeft) return
          settle()
          resolve(connect(remote, verdict))
        })
      }
      const offer = (): void => {
        this.whenOpen.delete(offer)
        stage = 'offer'
        stop = this.board.clock.after(2 * this.board.path.delay, connected)
      }
      if (signal.aborted) {
        abort()
        return
      }
      signal.addEventListener('abort', abort)
      this.dials.add(fail)
      if (this.isOpen) {
        offer()
        return
      }
      this.whenOpen.add(offer)
      stop = () => this.whenOpen.delete(offer)
    })
  }
}
