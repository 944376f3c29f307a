import type { MediaOptions } from '../../base/action'
import { NanopeerError } from '../../base/errors'
import type { TrackPlace } from '../wire/media'
import { followStream } from './follow-stream'
import { maxTracks } from './limits'
import type { Slot, Slots } from './slots'

export interface SendingEvents {
  /** The tracks are in other sections now, or in none. */
  moved(places: readonly TrackPlace[]): void
  /** The last track has ended by itself (null), or the stream cannot be sent. */
  ended(error: NanopeerError | null): void
}

/** One media answer of ours: sends whatever tracks its stream has, on whatever link there is. */
export class Sending {
  private slots: Slots | null = null
  private readonly used = new Map<MediaStreamTrack, Slot>()
  private readonly watched = new Set<MediaStreamTrack>()
  private readonly unfollow: () => void
  private isDue = false
  private isOver = false
  /** What was said last on this link. */
  private said: string | null = null

  constructor(
    private readonly stream: MediaStream,
    private readonly options: MediaOptions,
    private readonly events: SendingEvents,
  ) {
    this.unfollow = followStream(stream, () => this.look())
  }

  /** On another link, or on none. */
  attach(slots: Slots | null): void {
    this.slots = slots
    this.used.clear()
    this.said = null
    if (slots) this.send()
  }

  /** The sections have their mids now: says where the tracks are, unless that was said. */
  announce(): void {
    const places = [...this.used.values()].flatMap(({ kind, transceiver: { mid } }) =>
      mid === null ? [] : [{ mid, kind: kind as TrackPlace['kind'] }],
    )
    const now = JSON.stringify(places)
    if (now === this.said) return
    this.said = now
    this.events.moved(places)
  }

  stop(): void {
    if (this.isOver) return
    this.isOver = true
    this.unfollow()
    for (const track of this.watched) track.removeEventListener('ended', this.trackEnded)
    for (const slot of this.used.values()) this.slots?.give(slot)
    this.used.clear()
  }

  /** Once, when the turn is over: a track that is replaced is taken out and put in. */
  private look(): void {
    if (this.isDue) return
    this.isDue = true
    queueMicrotask(() => {
      this.isDue = false
      if (!this.isOver && this.slots) this.send()
    })
  }

  private send(): void {
    const { slots, used, options } = this
    const tracks = this.stream.getTracks().filter(({ readyState }) => readyState === 'live')
    if (tracks.length > maxTracks) {
      const message = `A stream may have at most ${maxTracks} live tracks to be sent; this one has ${tracks.length}.`
      return this.events.ended(new NanopeerError('TOO_LARGE', message))
    }
    const gone = [...used].filter(([track]) => !tracks.includes(track))
    for (const [track] of gone) used.delete(track)
    for (const track of tracks) {
      if (used.has(track)) continue
      if (options.contentHint !== undefined && track.contentHint === '')
        track.contentHint = options.contentHint
      this.watch(track)
      const place = gone.findIndex(([, { kind }]) => kind === track.kind)
      const [replaced] = place < 0 ? [] : gone.splice(place, 1)
      if (replaced) slots?.replace(replaced[1], track, options)
      const slot = replaced ? replaced[1] : slots?.take(track, options)
      if (!slot) {
        const message =
          'As much audio and video as one connection takes is under way; end some of it, and ask again.'
        return this.events.ended(new NanopeerError('OVERLOADED', message))
      }
      used.set(track, slot)
    }
    for (const [, slot] of gone) slots?.give(slot)
  }

  private watch(track: MediaStreamTrack): void {
    if (this.watched.has(track)) return
    this.watched.add(track)
    track.addEventListener('ended', this.trackEnded)
  }

  /** A camera was unplugged, a screen is no longer shared. Tracks that a script stops say nothing. */
  private readonly trackEnded = (): void => {
    const isLast = this.stream.getTracks().every(({ readyState }) => readyState === 'ended')
    if (isLast) this.events.ended(null)
    else this.look()
  }
}
