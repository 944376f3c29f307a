import type { Clock } from '../../base/clock'
import { NanopeerError } from '../../base/errors'
import type { CallEvents } from '../../base/transport'
import type { ServerMessage } from './peerjs'

/** Ms from the answer that a path may take. */
const pathTimeout = 20_000

/** What hears the messages of one connection: PeerJS's own, or a call. */
export interface Addressee {
  handleMessage(message: ServerMessage): Promise<void>
  close(): void
}

/** How a call's messages leave. */
export interface CallWire {
  readonly clock: Clock
  readonly config: RTCConfiguration
  send(type: 'OFFER' | 'ANSWER' | 'CANDIDATE', payload: object): void
}

/** A message of a call, as PeerJS writes it. */
export const callMessage = (type: string, dst: string, connectionId: string, payload: object): object => ({
  type,
  dst,
  payload: { ...payload, connectionId, type: 'media' },
})

/**
 * A call as PeerJS makes them, on an `RTCPeerConnection` of its own. PeerJS's class is passed by: once it is closed it
 * reaches for what is gone, in promises that nobody holds, and it makes no offer to receive what it does not send.
 */
export class CallPath implements Addressee {
  private readonly connection: RTCPeerConnection
  private channel: RTCDataChannel | null = null
  private isOver = false
  private stopTimer = () => {}

  /** @throws what a browser does that has no connection left. */
  constructor(
    private readonly wire: CallWire,
    private readonly events: CallEvents,
  ) {
    this.connection = new RTCPeerConnection(wire.config)
    this.connection.addEventListener('icecandidate', ({ candidate }) => {
      if (candidate?.candidate) wire.send('CANDIDATE', { candidate })
    })
    this.connection.addEventListener('track', ({ track }) => {
      if (!this.isOver) events.track(track)
    })
    this.connection.addEventListener('datachannel', ({ channel }) => this.watch(channel))
    this.connection.addEventListener('connectionstatechange', () => this.stateChanged())
  }

  get senders(): readonly RTCRtpSender[] {
    return this.connection.getSenders()
  }

  /** Rejects where the browser does not make an offer. */
  async place(stream: MediaStream | null, metadata: unknown): Promise<void> {
    this.send(stream)
    // PeerJS negotiates once: what the remote may send has its place now, or never.
    const kinds = stream?.getTracks().map(({ kind }) => kind) ?? []
    for (const kind of ['audio', 'video']) {
      if (!kinds.includes(kind)) this.connection.addTransceiver(kind, { direction: 'recvonly' })
    }
    // By its end both sides know that somebody has hung up.
    this.watch(this.connection.createDataChannel('call'))
    await this.connection.setLocalDescription()
    if (!this.isOver) this.wire.send('OFFER', { sdp: this.connection.localDescription, metadata })
  }

  /** Rejects where the offer cannot be answered. */
  async answer(offer: RTCSessionDescriptionInit, stream: MediaStream | null): Promise<void> {
    await this.connection.setRemoteDescription(offer)
    if (this.isOver) return
    this.send(stream)
    await this.connection.setLocalDescription()
    if (this.isOver) return
    this.wire.send('ANSWER', { sdp: this.connection.localDescription })
    this.answered()
  }

  async handleMessage({ type, payload }: ServerMessage): Promise<void> {
    const { sdp, candidate } = payload as { sdp: RTCSessionDescriptionInit; candidate: RTCIceCandidateInit }
    if (type === 'CANDIDATE') {
      // One that a browser does not take is one address less.
      await this.connection.addIceCandidate(candidate).catch(() => {})
      return
    }
    try {
      await this.connection.setRemoteDescription(sdp)
    } catch (cause) {
      return this.end(
        new NanopeerError('PROTOCOL', 'The remote answered the call with no answer.', { cause }),
      )
    }
    this.answered()
  }

  close(): void {
    this.isOver = true
    this.stopTimer()
    this.connection.close()
  }

  private send(stream: MediaStream | null): void {
    for (const track of stream?.getTracks() ?? []) this.connection.addTrack(track, stream as MediaStream)
  }

  private answered(): void {
    if (this.isOver || this.connection.connectionState === 'connected') return
    this.stopTimer = this.wire.clock.after(pathTimeout, () => this.lost())
  }

  private watch(channel: RTCDataChannel): void {
    // A remote can open any number.
    if (this.channel) return channel.close()
    this.channel = channel
    channel.addEventListener('close', () => this.end(null))
  }

  private stateChanged(): void {
    const { connectionState } = this.connection
    if (connectionState === 'connected') {
      this.stopTimer()
      if (!this.isOver) this.events.connected()
    }
    if (connectionState === 'failed') this.lost()
    if (connectionState === 'closed') this.end(null)
  }

  private lost(): void {
    this.end(new NanopeerError('CONNECTION_LOST', 'There is no path for the call, or none any more.'))
  }

  private end(error: NanopeerError | null): void {
    if (this.isOver) return
    this.close()
    this.events.ended(error)
  }
}
