import type { MediaOptions } from '../../base/action'
import type { TrackConnection } from '../../base/transport'
import { encodingOf, limitSender } from './limit-sender'
import { maxSections } from './limits'
import type { Description } from './negotiation'

/** A section of our own: it sends one track, or nothing, and is used again. */
export interface Slot {
  readonly kind: string
  readonly transceiver: RTCRtpTransceiver
}

/** Our sections on one connection. They are used again, so that the description does not grow. */
export class Slots {
  private readonly all: Slot[] = []
  private readonly idle = new Set<Slot>()

  /** @param needed the remote must be told what has changed */
  constructor(
    private readonly connection: TrackConnection,
    private readonly needed: () => void,
  ) {}

  /** Sends a track; null where there are as many sections as there may be. */
  take(track: MediaStreamTrack, options: MediaOptions): Slot | null {
    const free = [...this.idle].find(({ kind }) => kind === track.kind)
    if (!free && this.connection.getTransceivers().length >= maxSections) return null
    this.needed()
    if (!free) return this.add(track, options)
    this.idle.delete(free)
    free.transceiver.direction = 'sendonly'
    this.replace(free, track, options)
    return free
  }

  /** Sends another track of the same kind in its place: nobody has to be told. */
  replace({ transceiver: { sender } }: Slot, track: MediaStreamTrack, options: MediaOptions): void {
    // Fails where the connection is closed meanwhile, or the sender is set for the track before; then nothing is sent.
    sender.replaceTrack(track).then(
      () => limitSender(sender, track, options),
      () => {},
    )
  }

  /** Sends nothing from now on. */
  give(slot: Slot): void {
    this.idle.add(slot)
    slot.transceiver.sender.replaceTrack(null).catch(() => {}) // Closed meanwhile: it sends nothing any more.
    slot.transceiver.direction = 'inactive'
    this.needed()
  }

  /** Of an offer, only where it was agreed on before: ours that is out may have given the remote's mid to one of our own. */
  has(mid: string, type: Description['type']): boolean {
    return this.all.some(
      ({ transceiver }) =>
        transceiver.mid === mid && (type === 'answer' || transceiver.currentDirection !== null),
    )
  }

  private add(track: MediaStreamTrack, options: MediaOptions): Slot {
    const transceiver = this.connection.addTransceiver(track, {
      direction: 'sendonly',
      sendEncodings: [encodingOf(track, options)],
    })
    const slot = { kind: track.kind, transceiver }
    this.all.push(slot)
    limitSender(transceiver.sender, track, options)
    return slot
  }
}
