import { NanopeerError } from '../../base/errors'
import { load } from '../../base/load'
import type { MediaStats } from '../../base/types'
import type { MediaHost } from '../media/index'
import { FrameType } from '../wire/frame'
import { encodeDescription, encodeTracks } from '../wire/media'
import type { Media, MediaLink } from './media'
import { type Port, sendParts } from './port'

/** What a session's media needs of it. */
export interface LateMediaHost extends Omit<MediaHost, 'sendTracks' | 'sendDescription'> {
  /** Links here carry audio and video. */
  readonly hasTracks: boolean
  readonly port: Pick<Port, 'push'>
}

/** The audio and video of one session, which is loaded with its first request for any. */
export class LateMedia {
  /** Null where there has never been any. */
  loaded: Media | null = null
  private link: MediaLink | null = null

  constructor(private readonly host: LateMediaHost) {}

  /** Rejects with `NanopeerError` `UNSUPPORTED` where there is none here, `NETWORK` where its file does not load. */
  async load(): Promise<Media> {
    if (!this.host.hasTracks) throw noTracks('This environment')
    const part = await load('nanopeer for audio and video', () => import('../media/index'), 'SessionMedia')
    if (!this.loaded) {
      this.loaded = this.create(part)
      this.loaded.attach(this.link)
    }
    return this.loaded
  }

  /** The session is on another link, or on none. */
  attach(link: MediaLink | null): void {
    this.link = link
    this.loaded?.attach(link)
  }

  async stats(): Promise<MediaStats | null> {
    return this.loaded?.stats() ?? null
  }

  private create({ SessionMedia }: typeof import('../media/index')): Media {
    const { port, isPolite, createStream, fail, report } = this.host
    return new SessionMedia({
      isPolite,
      createStream,
      fail,
      report,
      sendTracks: (stream, tracks) =>
        port.push({ type: FrameType.Tracks, stream, payload: encodeTracks(tracks) }),
      sendDescription: (description) =>
        sendParts(port, { type: FrameType.Description, stream: 0, payload: encodeDescription(description) }),
    })
  }

  report(error: unknown): void {
    this.host.report(error)
  }
}

/** @param who what has none */
export const noTracks = (who: string): NanopeerError =>
  new NanopeerError(
    'UNSUPPORTED',
    `${who} has no audio and video (MediaStream); ask from a browser, and a browser.`,
  )
