import { NanopeerError } from '../../base/errors'
import { peerjsCall } from '../../base/peerjs-call'
import type { Call } from '../../base/transport'
import type { OutgoingRequestEvents } from '../../engine'
import { followStream } from '../media/follow-stream'
import { limitSender } from '../media/limit-sender'
import type { Dispatch, IncomingRequest, MediaAnswer } from '../rpc/run-handler'
import { CallWatch } from './call-watch'

export interface PlainCallHost {
  /** Asks `accept`, and our handler, for what the remote is shown. */
  readonly dispatch: Dispatch
  createStream(): MediaStream
  /** It is over, by itself; not told by `end`. */
  ended(call: PlainCall): void
}

/** One PeerJS call: two media requests at once, one each way. */
export class PlainCall {
  private readonly watches = new Set<CallWatch>()
  private readonly arrived: MediaStreamTrack[] = []
  private readonly controller = new AbortController()
  private answer: MediaAnswer | null = null
  /** What is sent, where it is by now. */
  private readonly sending = new Map<RTCRtpSender, MediaStreamTrack>()
  private unfollow = () => {}
  private isDue = false
  private isOver = false

  /** @param isOurs we call */
  constructor(
    private readonly call: Call,
    private readonly isOurs: boolean,
    private readonly host: PlainCallHost,
  ) {}

  /** Has the handler say what the remote is shown, and then places the call, or answers it. Never rejects. */
  async begin(): Promise<void> {
    const answer = await this.host.dispatch(this.request())
    const media = answer.kind === 'media' ? answer : null
    if (this.isOver) return media?.ended?.(new NanopeerError('ABORTED', 'The call is over.'))
    // PeerJS has no word for no: a call that is not answered rings until its caller gives up.
    if (!media && !this.isOurs) return this.finish(answer.kind === 'failure' ? answer.error : null)
    this.answer = media
    if (media) this.follow(media)
    this.call.begin(media?.stream ?? null, {
      connected: () => this.connected(),
      track: (track) => this.trackArrived(track),
      ended: (error) => this.finish(error),
    })
    for (const track of media?.stream.getTracks() ?? []) track.addEventListener('ended', this.trackEnded)
  }

  /** What the remote sends. */
  watch(events: OutgoingRequestEvents): CallWatch {
    const watch = new CallWatch(this.host.createStream(), events, () => {
      this.watches.delete(watch)
      if (this.isOurs && this.watches.size === 0) this.finish(null)
    })
    this.watches.add(watch)
    events.written()
    // Later: whoever asks has not got the answer's promise yet.
    queueMicrotask(() => {
      for (const track of this.arrived) watch.add(track)
    })
    return watch
  }

  /** Hangs up. `error` is null where the remote has. */
  end(error: NanopeerError | null): void {
    if (this.isOver) return
    this.isOver = true
    this.unfollow()
    for (const track of this.answer?.stream.getTracks() ?? []) {
      track.removeEventListener('ended', this.trackEnded)
    }
    this.call.close()
    for (const watch of this.watches) watch.end(error)
    this.answer?.ended?.(error)
    this.controller.abort(error ?? new NanopeerError('ABORTED', 'The call is over.'))
  }

  private finish(error: unknown): void {
    if (this.isOver) return
    this.end(error instanceof NanopeerError ? error : null)
    this.host.ended(this)
  }

  private request(): IncomingRequest {
    const { callId: requestId, metadata } = this.call
    const { signal } = this.controller
    return {
      head: { action: peerjsCall.name, kind: 'media', body: null, requestId },
      // What we say ourselves when we call is none of our handler's business.
      input: this.isOurs ? undefined : metadata,
      requestId,
      signal,
      get isAborted() {
        return signal.aborted
      },
      body: undefined,
    }
  }

  private trackArrived(track: MediaStreamTrack): void {
    if (this.arrived.includes(track)) return
    this.arrived.push(track)
    for (const watch of this.watches) watch.add(track)
  }

  private connected(): void {
    for (const sender of this.call.senders) {
      if (!sender.track) continue
      this.sending.set(sender, sender.track)
      limitSender(sender, sender.track, this.answer?.options ?? {})
    }
    this.look()
  }

  private follow({ stream, options: { contentHint } }: MediaAnswer): void {
    for (const track of stream.getTracks()) {
      if (contentHint !== undefined && track.contentHint === '') track.contentHint = contentHint
    }
    this.unfollow = followStream(stream, () => this.look())
  }

  /** Once, when the turn is over: a track that is replaced is taken out and put in. */
  private look(): void {
    if (this.isDue) return
    this.isDue = true
    queueMicrotask(() => {
      this.isDue = false
      if (!this.isOver) this.replace()
    })
  }

  /** PeerJS negotiates once: a track can take the place of one of its kind, and no other can be added. */
  private replace(): void {
    const live = this.answer?.stream.getTracks().filter(({ readyState }) => readyState === 'live') ?? []
    const free = live.filter((track) => ![...this.sending.values()].includes(track))
    for (const [sender, before] of this.sending) {
      if (live.includes(before)) continue
      const place = free.findIndex(({ kind }) => kind === before.kind)
      const [next = null] = place < 0 ? [] : free.splice(place, 1)
      if (next) this.sending.set(sender, next)
      next?.addEventListener('ended', this.trackEnded)
      sender.replaceTrack(next).catch(() => {}) // Closed meanwhile: it sends nothing any more.
    }
  }

  /** A camera was unplugged, a screen is no longer shared: an answer of ours ends by it, and the remote's call with it. */
  private readonly trackEnded = (): void => {
    const isLast = this.answer?.stream.getTracks().every(({ readyState }) => readyState === 'ended')
    if (isLast && !this.isOurs) this.finish(null)
    else this.look()
  }
}
