import type { MediaOptions } from '../../base/action'
import type { NanopeerError } from '../../base/errors'
import type { TrackConnection } from '../../base/transport'
import type { MediaStats } from '../../base/types'
import type { LinkDescription, Tracks } from '../wire/media'

/** The audio and video of one session, both ways: what `engine/media/` is, which loads with the first request for any. */
export interface Media {
  /** The session is on a link; null where it is on none now. */
  attach(link: MediaLink | null): void
  /** Waits for the answer to a media request of ours, which is asked next. */
  watch(stream: number, events: WatchEvents): Watch
  /** Sends what a handler has answered with. */
  send(stream: number, answer: MediaStream, options: MediaOptions, events: SendEvents): Sent
  /** The remote says where the tracks of an answer are. */
  tracks(stream: number, tracks: Tracks): void
  description(description: LinkDescription): void
  /** Figures since the last time; null while nothing travels. */
  stats(): Promise<MediaStats | null>
}

/** What carries the session now. */
export interface MediaLink {
  readonly connection: TrackConnection
  /** The number that the link's HELLO carried: the same on both sides. */
  readonly number: number
}

export interface WatchEvents {
  /** The first track is there. */
  began(stream: MediaStream): void
}

export interface Watch {
  /** Nothing more comes: the stream is emptied. */
  stop(): void
}

export interface SendEvents {
  /** The last track has ended by itself (null), or it cannot be sent. */
  ended(error: NanopeerError | null): void
}

export interface Sent {
  stop(): void
}
