import type { MediaOptions } from '../../base/action'
import type { NanopeerError } from '../../base/errors'
import type { MediaStats } from '../../base/types'
import type { Media, MediaLink, SendEvents, Sent, Watch, WatchEvents } from '../rpc/media'
import type { LinkDescription, Tracks } from '../wire/media'
import { DescriptionCheck, type Expectations } from './description-check'
import { MediaFigures } from './figures'
import { KeptOpen } from './kept-open'
import { maxSections, sectionsPerAnswer } from './limits'
import { Negotiator } from './negotiator'
import { Receiving } from './receiving'
import { Sending } from './sending'
import { Slots } from './slots'

/** What the media of a session needs of it. */
export interface MediaHost {
  sendTracks(stream: number, tracks: Tracks): void
  sendDescription(description: LinkDescription): void
  /** Our id is the lower one. */
  readonly isPolite: boolean
  createStream(): MediaStream
  /** The remote broke the protocol: the session is over. */
  fail(error: NanopeerError): void
  report(error: unknown): void
}

/** One link, and what was agreed on over it. */
interface Path extends MediaLink {
  readonly negotiator: Negotiator
  readonly slots: Slots
}

/** The audio and video of one session. */
export class SessionMedia implements Media {
  private readonly sendings = new Map<number, Sending>()
  private readonly receivings = new Map<number, Receiving>()
  /** Of links of now and before, for as long as they are open. */
  private readonly connections = new Set<KeptOpen>()
  private path: Path | null = null
  private isChanged = false
  /** The most answers that we have waited for or watched at once, in this session. */
  private mostWatched = 0
  private readonly figures = new MediaFigures()

  constructor(private readonly host: MediaHost) {}

  attach(link: MediaLink | null): void {
    this.path?.negotiator.stop()
    for (const receiving of this.receivings.values()) receiving.detached()
    this.path = link && this.open(link)
    for (const sending of this.sendings.values()) sending.attach(this.path?.slots ?? null)
  }

  watch(stream: number, { began }: WatchEvents): Watch {
    const shown = this.host.createStream()
    const receiving = new Receiving(shown, () => began(shown))
    this.receivings.set(stream, receiving)
    this.mostWatched = Math.max(this.mostWatched, this.receivings.size)
    return {
      stop: () => {
        this.receivings.delete(stream)
        receiving.stop()
        this.shownChanged()
      },
    }
  }

  send(stream: number, answer: MediaStream, options: MediaOptions, events: SendEvents): Sent {
    const sending = new Sending(answer, options, {
      moved: (places) => {
        if (this.path) this.host.sendTracks(stream, { link: this.path.number, places })
      },
      ended: (error) => events.ended(error),
    })
    this.sendings.set(stream, sending)
    sending.attach(this.path?.slots ?? null)
    return {
      stop: () => {
        this.sendings.delete(stream)
        sending.stop()
      },
    }
  }

  tracks(stream: number, { link, places }: Tracks): void {
    if (link === this.path?.number) this.receivings.get(stream)?.announced(places)
  }

  description({ link, type, sdp }: LinkDescription): void {
    if (link !== this.path?.number) return
    this.path.negotiator.receive({ type, sdp })
  }

  async stats(): Promise<MediaStats | null> {
    const { path } = this
    return path ? this.figures.read(await path.connection.getStats()) : null
  }

  private open(link: MediaLink): Path {
    const { connection, number } = link
    const check = new DescriptionCheck(connection.remoteDescription?.sdp ?? '')
    const slots = new Slots(connection, () => this.changed())
    const media = this
    const expectations: Expectations = {
      get allowed() {
        return Math.min(maxSections, sectionsPerAnswer * media.mostWatched)
      },
      isOurs: slots.has.bind(slots),
    }
    const negotiator = new Negotiator(connection, this.host.isPolite, {
      check: (description) => check.check(description, expectations),
      offering: () => {
        for (const sending of this.sendings.values()) sending.announce()
      },
      send: (description) => this.host.sendDescription({ link: number, ...description }),
      changed: () => {
        for (const receiving of this.receivings.values()) receiving.look(connection)
        this.shownChanged()
      },
      refused: (error) => this.host.fail(error),
      failed: (error) => this.host.report(error),
    })
    const isShown = (track: MediaStreamTrack) =>
      [...this.receivings.values()].some((receiving) => receiving.shows(track))
    const kept = new KeptOpen(connection, isShown, () => this.connections.delete(kept))
    this.connections.add(kept)
    return { ...link, negotiator, slots }
  }

  private shownChanged(): void {
    for (const connection of this.connections) connection.look()
  }

  /** Once for all that changes in a turn. */
  private changed(): void {
    if (this.isChanged) return
    this.isChanged = true
    queueMicrotask(() => {
      this.isChanged = false
      this.path?.negotiator.needed()
    })
  }
}
