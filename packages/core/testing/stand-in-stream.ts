/** A track that carries nothing, where there are no real ones: Node, jsdom. */
class StandInTrack extends EventTarget {
  readonly id: string = crypto.randomUUID()
  enabled = true
  readonly muted = false
  contentHint = ''
  readyState: MediaStreamTrackState = 'live'

  constructor(
    readonly kind: 'audio' | 'video',
    readonly label: string = `stand-in ${kind}`,
  ) {
    super()
  }

  clone(): StandInTrack {
    return new StandInTrack(this.kind, this.label)
  }

  /** As a script does: nobody is told. */
  stop(): void {
    this.readyState = 'ended'
  }

  /** As when a camera is unplugged. */
  end(): void {
    if (this.readyState === 'ended') return
    this.stop()
    this.dispatchEvent(new Event('ended'))
  }
}

/** A stream of such tracks, as far as apps and nanopeer use one. */
class StandInStream extends EventTarget {
  readonly id: string = crypto.randomUUID()
  private readonly tracks: Set<MediaStreamTrack>

  constructor(tracks: readonly MediaStreamTrack[] = []) {
    super()
    this.tracks = new Set(tracks)
  }

  get active(): boolean {
    return this.getTracks().some(({ readyState }) => readyState === 'live')
  }

  getTracks(): MediaStreamTrack[] {
    return [...this.tracks]
  }

  getAudioTracks(): MediaStreamTrack[] {
    return this.getTracks().filter(({ kind }) => kind === 'audio')
  }

  getVideoTracks(): MediaStreamTrack[] {
    return this.getTracks().filter(({ kind }) => kind === 'video')
  }

  getTrackById(id: string): MediaStreamTrack | null {
    return this.getTracks().find((track) => track.id === id) ?? null
  }

  addTrack(track: MediaStreamTrack): void {
    this.tracks.add(track)
  }

  removeTrack(track: MediaStreamTrack): void {
    this.tracks.delete(track)
  }

  clone(): StandInStream {
    return new StandInStream(this.getTracks().map((track) => track.clone()))
  }
}

/** An empty stream: a real one where there are any. */
export const emptyStream = (): MediaStream =>
  typeof MediaStream === 'undefined' ? (new StandInStream() as unknown as MediaStream) : new MediaStream()

/**
 * A stand-in for a camera and a microphone, for tests: tracks of the test network that carry nothing. In a browser real
 * streams travel over the test network, too, such as a canvas's `captureStream()`; use those there.
 *
 * @param kinds its tracks. @default one of video
 * @example
 * device.handle(watch, () => createTestStream('video', 'audio'))
 */
export const createTestStream = (...kinds: readonly ('audio' | 'video')[]): MediaStream => {
  const given = kinds.length > 0 ? kinds : (['video'] as const)
  const tracks = given.map((kind) => new StandInTrack(kind) as unknown as MediaStreamTrack)
  return new StandInStream(tracks) as unknown as MediaStream
}
