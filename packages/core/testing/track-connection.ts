import type { TrackConnection } from '../src/base/transport'
import { outlineOf } from '../src/engine/media/sections'

interface Direction {
  readonly sends: boolean
  readonly receives: boolean
}

const parse = (direction: RTCRtpTransceiverDirection): Direction => ({
  sends: direction === 'sendrecv' || direction === 'sendonly',
  receives: direction === 'sendrecv' || direction === 'recvonly',
})

const write = ({ sends, receives }: Direction): RTCRtpTransceiverDirection =>
  sends ? (receives ? 'sendrecv' : 'sendonly') : receives ? 'recvonly' : 'inactive'

const reversed = ({ sends, receives }: Direction): Direction => ({ sends: receives, receives: sends })

const both = (a: Direction, b: Direction): Direction => ({
  sends: a.sends && b.sends,
  receives: a.receives && b.receives,
})

/** A section of an in-memory connection. */
class TestTransceiver {
  mid: string | null = null
  currentDirection: RTCRtpTransceiverDirection | null = null
  /** What the remote's description says of it, from the remote's side. */
  offered: Direction | null = null
  /** What was sent last: a receiver shows it until there is something else. */
  private sent: MediaStreamTrack | null
  readonly sender = {
    track: null as MediaStreamTrack | null,
    replaceTrack: async (track: MediaStreamTrack | null) => {
      this.sender.track = track
      this.sent = track ?? this.sent
    },
    getParameters: () => ({ encodings: [] }),
    setParameters: async () => {},
  }
  readonly receiver
  /** What was made of the receiver's track. */
  private readonly copies: MediaStreamTrack[] = []

  constructor(
    readonly kind: string,
    public direction: RTCRtpTransceiverDirection,
    track: MediaStreamTrack | null,
    /** The same section at the other end. */
    other: (mid: string | null) => TestTransceiver | undefined,
  ) {
    this.sender.track = track
    this.sent = track
    const clone = () => {
      const copy = other(this.mid)?.sent?.clone()
      if (copy) this.copies.push(copy)
      return copy
    }
    this.receiver = { track: { kind, clone } }
  }

  /** The receiver's track ends, and so do its copies. */
  end(): void {
    for (const copy of this.copies) copy.stop()
  }
}

/**
 * The tracks of a link in memory: descriptions, sections and their directions are negotiated as in WebRTC, by its rules
 * for who may say what when; nothing is sent but a copy of each track.
 */
export class TestTrackConnection {
  /** The other end. */
  other!: TestTrackConnection
  localDescription: RTCSessionDescription
  remoteDescription: RTCSessionDescription
  isClosed = false
  private signalingState: RTCSignalingState = 'stable'
  private readonly transceivers: TestTransceiver[] = []

  /** @param certificates as both ends see them, hexadecimal */
  constructor(private readonly certificates: { readonly local: string; readonly remote: string }) {
    this.localDescription = this.describe('offer', certificates.local)
    this.remoteDescription = this.describe('answer', certificates.remote)
  }

  /** As what a link needs, which only uses what is here. */
  get asTrackConnection(): TrackConnection {
    return this as unknown as TrackConnection
  }

  getTransceivers(): TestTransceiver[] {
    return [...this.transceivers]
  }

  addTransceiver(
    track: MediaStreamTrack,
    { direction = 'sendrecv' }: RTCRtpTransceiverInit,
  ): TestTransceiver {
    return this.add(track.kind, direction, track)
  }

  async setLocalDescription(): Promise<void> {
    await null
    if (this.signalingState === 'have-remote-offer') {
      for (const transceiver of this.negotiated) {
        const { offered, direction } = transceiver
        transceiver.currentDirection = write(both(parse(direction), reversed(offered as Direction)))
      }
      this.signalingState = 'stable'
      const said = ({ currentDirection }: TestTransceiver) => currentDirection
      this.localDescription = this.describe('answer', this.certificates.local, said)
      return
    }
    if (this.signalingState !== 'stable') throw wrongState(this.signalingState)
    for (const transceiver of this.transceivers) transceiver.mid ??= this.freeMid()
    this.signalingState = 'have-local-offer'
    this.localDescription = this.describe('offer', this.certificates.local)
  }

  async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    await null
    const { type, sdp = '' } = description
    if (type === 'answer' && this.signalingState !== 'have-local-offer') throw wrongState(this.signalingState)
    if (type === 'offer' && this.signalingState === 'have-local-offer') this.rollBack()
    for (const { kind, mid, direction } of outlineOf(sdp).sections.slice(1)) {
      const known = this.transceivers.find((transceiver) => transceiver.mid === mid)
      const transceiver = known ?? this.add(kind, 'recvonly', null)
      transceiver.mid = mid
      transceiver.offered = parse(direction)
      if (type === 'answer') transceiver.currentDirection = write(reversed(parse(direction)))
    }
    this.remoteDescription = { type, sdp } as RTCSessionDescription
    this.signalingState = type === 'offer' ? 'have-remote-offer' : 'stable'
  }

  close(): void {
    this.isClosed = true
    for (const transceiver of this.transceivers) transceiver.end()
  }

  /** Nothing is measured: nothing is sent. */
  async getStats(): Promise<ReadonlyMap<string, never>> {
    return new Map<string, never>()
  }

  private add(kind: string, direction: RTCRtpTransceiverDirection, track: MediaStreamTrack | null) {
    const other = (mid: string | null) =>
      this.other.transceivers.find((transceiver) => mid !== null && transceiver.mid === mid)
    const transceiver = new TestTransceiver(kind, direction, track, other)
    this.transceivers.push(transceiver)
    return transceiver
  }

  private get negotiated(): TestTransceiver[] {
    return this.transceivers.filter(({ mid }) => mid !== null)
  }

  /** Sections that only our own offer had have no place any more. */
  private rollBack(): void {
    for (const transceiver of this.transceivers) {
      if (transceiver.currentDirection === null) transceiver.mid = null
    }
    this.signalingState = 'stable'
  }

  private freeMid(): string {
    for (let mid = 1; ; mid++) {
      if (!this.transceivers.some((transceiver) => transceiver.mid === `${mid}`)) return `${mid}`
    }
  }

  private describe(
    type: RTCSdpType,
    certificate: string,
    directionOf: (transceiver: TestTransceiver) => RTCRtpTransceiverDirection | null = ({ direction }) =>
      direction,
  ): RTCSessionDescription {
    const sections = [
      ['m=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'a=mid:0'],
      ...this.negotiated.map((transceiver) => [
        `m=${transceiver.kind} 9 UDP/TLS/RTP/SAVPF 96`,
        `a=mid:${transceiver.mid}`,
        `a=${directionOf(transceiver)}`,
      ]),
    ]
    const mids = ['0', ...this.negotiated.map(({ mid }) => mid)]
    const lines = [
      'v=0',
      `a=group:BUNDLE ${mids.join(' ')}`,
      `a=fingerprint:sha-256 ${certificate}`,
      'a=ice-ufrag:test',
      'a=ice-pwd:in-memory',
      ...sections.flat(),
    ]
    return { type, sdp: lines.map((line) => `${line}\r\n`).join('') } as RTCSessionDescription
  }
}

const wrongState = (state: RTCSignalingState) =>
  new DOMException(`Called in the wrong state: ${state}`, 'InvalidStateError')
