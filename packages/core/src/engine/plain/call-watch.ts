import { NanopeerError } from '../../base/errors'
import type { Exchange, OutgoingRequestEvents } from '../../engine'
import { changeShown } from '../media/shown'

/** A media request of ours that a call answers: what the remote sends, in a stream of the asker's own. */
export class CallWatch implements Exchange {
  readonly answer: Promise<MediaStream>
  private resolve!: (stream: MediaStream) => void
  private reject!: (error: NanopeerError) => void
  private isAnswered = false
  private isOver = false

  /**
   * @param stream empty; the tracks are put into it
   * @param left nobody watches by this any more
   */
  constructor(
    private readonly stream: MediaStream,
    private readonly events: OutgoingRequestEvents,
    private readonly left: () => void,
  ) {
    this.answer = new Promise((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
  }

  /** @param track the call's own; the app has a copy, which it may stop and mute */
  add(track: MediaStreamTrack): void {
    if (this.isOver) return
    changeShown(this.stream, 'addtrack', track.clone())
    if (this.isAnswered) return
    this.isAnswered = true
    this.events.answering(null)
    // Whoever heard of it may have cancelled.
    if (!this.isOver) this.resolve(this.stream)
  }

  /** The call is over; null where the remote has hung up. */
  end(error: NanopeerError | null): void {
    if (this.isOver) return
    this.isOver = true
    for (const track of this.stream.getTracks()) {
      changeShown(this.stream, 'removetrack', track)
      track.stop()
    }
    const failure = error ?? (this.isAnswered ? null : noTrack())
    if (failure) this.reject(failure)
    this.events.closed()
    this.events.finished(failure)
  }

  cancel(error: NanopeerError): void {
    if (this.isOver) return
    this.end(error)
    this.left()
  }
}

const noTrack = () => new NanopeerError('ABORTED', 'The remote has hung up before the first track.')
