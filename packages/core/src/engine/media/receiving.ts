import type { TrackConnection } from '../../base/transport'
import type { TrackPlace } from '../wire/media'
import { changeShown } from './shown'

interface Shown {
  /** The receiver's own, by which it is known. */
  readonly source: MediaStreamTrack
  /** What the app has: it may stop and mute it, and the section can still be used again. */
  readonly track: MediaStreamTrack
}

/** One media answer of the remote's: its tracks of now, in a stream that stays the same. */
export class Receiving {
  /** Null until the remote has said it on this link. */
  private places: readonly TrackPlace[] | null = null
  private shown: readonly Shown[] = []
  private isOver = false

  /**
   * @param stream empty; the tracks are put into it
   * @param began called when the first track is there
   */
  constructor(
    private readonly stream: MediaStream,
    private readonly began: () => void,
  ) {}

  /** Where the tracks are, on this link. */
  announced(places: readonly TrackPlace[]): void {
    this.places = places
  }

  /** Another link: the tracks of the one before stay, as they are, until there are new ones. */
  detached(): void {
    this.places = null
  }

  /** Puts into the stream what has come, and takes out what is no longer sent. */
  look(connection: TrackConnection): void {
    const { places } = this
    if (this.isOver || !places) return
    const transceivers = connection.getTransceivers()
    const sources = places.flatMap(({ mid }) => {
      const found = transceivers.find((transceiver) => transceiver.mid === mid)
      return found?.currentDirection === 'recvonly' ? [found.receiver.track] : []
    })
    // They are on their way: what there was stays.
    if (sources.length < places.length) return
    const kept = this.shown.filter(({ source }) => sources.includes(source))
    const added = sources
      .filter((source) => !kept.some((shown) => shown.source === source))
      .map((source) => ({ source, track: source.clone() }))
    const gone = this.shown.filter((shown) => !kept.includes(shown))
    const isFirst = this.shown.length === 0 && added.length > 0
    this.shown = [...kept, ...added]
    for (const { track } of added) changeShown(this.stream, 'addtrack', track)
    for (const { track } of gone) this.drop(track)
    if (isFirst) this.began()
  }

  /** Whether a receiver's track is in the stream. */
  shows(track: MediaStreamTrack): boolean {
    return this.shown.some(({ source }) => source === track)
  }

  /** Nothing more will come: the stream is empty. */
  stop(): void {
    this.isOver = true
    for (const { track } of this.shown) this.drop(track)
    this.shown = []
  }

  private drop(track: MediaStreamTrack): void {
    changeShown(this.stream, 'removetrack', track)
    track.stop()
  }
}
