import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import type { ServerOptions } from '../../../core/src/base/transport'
import { prepareWebrtc } from './webrtc'

/** What the relay can write into the descriptions that it hands on, besides its own certificate. */
export const forgeries = ['none', 'true line first', 'true line last', 'true line for the session'] as const
export type Forgery = (typeof forgeries)[number]

/** A signalling server that reads along: it ends DTLS on both sides and passes on what goes through. */
export interface Relay {
  readonly server: ServerOptions
  /** Everything that went through its hands in clear text, both ways. */
  readonly seen: Uint8Array[]
  /** Pairs of channels that it has connected. */
  readonly connected: number
}

interface Description {
  readonly type: 'offer' | 'answer'
  readonly sdp: string
}

interface SignallingMessage {
  readonly type: string
  readonly dst?: string
  readonly payload?: {
    readonly connectionId: string
    readonly sdp?: Description
    readonly candidate?: RTCIceCandidateInit
    readonly nonce?: unknown
    readonly [key: string]: unknown
  }
}

const fingerprintOf = (sdp: string): string => /^a=fingerprint:.*$/m.exec(sdp)?.[0] ?? ''

/** The relay's own description, with the victim's true `a=fingerprint` line where the forgery wants it. */
const forge = (own: string, victims: string, forgery: Forgery): string => {
  const line = fingerprintOf(victims)
  const ours = fingerprintOf(own)
  if (forgery === 'none') return own
  if (forgery === 'true line first') return own.replace(ours, `${line}\r\n${ours}`)
  if (forgery === 'true line last') return own.replace(ours, `${ours}\r\n${line}`)
  const withoutOurs = own.replace(`${ours}\r\n`, '')
  // One for the whole session, another one for its only part.
  return withoutOurs.replace(/^t=0 0$/m, `t=0 0\r\n${line}`).replace(/^(a=mid:.*)$/m, `$1\r\n${ours}`)
}

/** node-datachannel's channel throws where the other end has gone, also before its `readyState` says so. */
const sendUnlessGone = (channel: RTCDataChannel, data: ArrayBuffer): void => {
  try {
    channel.send(data)
  } catch {
    // Who has gone reads nothing.
  }
}

/** One dial, with the relay between the two. */
class Wiretap {
  readonly near = new RTCPeerConnection()
  readonly far = new RTCPeerConnection()
  private readonly channels: { near?: RTCDataChannel; far?: RTCDataChannel } = {}
  private readonly unsent = { near: [] as ArrayBuffer[], far: [] as ArrayBuffer[] }
  private readonly waiting = { near: [] as RTCIceCandidateInit[], far: [] as RTCIceCandidateInit[] }

  constructor(
    readonly caller: string,
    readonly callee: string,
    private readonly offer: SignallingMessage & { payload: { sdp: Description } },
    private readonly forgery: Forgery,
    private readonly send: (to: string, message: object) => void,
    private readonly seen: Uint8Array[],
    private readonly open: () => void,
  ) {
    this.near.onicecandidate = ({ candidate }) => this.tell(caller, callee, 'CANDIDATE', { candidate })
    this.far.onicecandidate = ({ candidate }) => this.tell(callee, caller, 'CANDIDATE', { candidate })
  }

  /** Calls the callee in the caller's name. */
  async begin(): Promise<void> {
    const { payload } = this.offer
    const channel = this.far.createDataChannel(String(payload.label), { ordered: true })
    this.tap(channel, 'far')
    this.whenOpen(channel, 'far')
    await this.far.setLocalDescription(await this.far.createOffer())
    const own = this.far.localDescription?.sdp.replace(/^a=candidate:.*\r\n/gm, '') ?? ''
    const sdp = forge(own, payload.sdp.sdp, this.forgery)
    const { sdp: _, ...rest } = payload
    this.tell(this.callee, this.caller, 'OFFER', { ...rest, sdp: { type: 'offer', sdp } })
  }

  /** Answers the caller in the callee's name. */
  async answered({ sdp }: Description): Promise<void> {
    await this.far.setRemoteDescription({ type: 'answer', sdp })
    for (const candidate of this.waiting.far.splice(0)) await this.far.addIceCandidate(candidate)
    this.near.ondatachannel = ({ channel }) => {
      this.tap(channel, 'near')
      this.whenOpen(channel, 'near')
    }
    await this.near.setRemoteDescription(this.offer.payload.sdp)
    await this.near.setLocalDescription(await this.near.createAnswer())
    for (const candidate of this.waiting.near.splice(0)) await this.near.addIceCandidate(candidate)
    const forged = forge(this.near.localDescription?.sdp ?? '', sdp, this.forgery)
    this.tell(this.caller, this.callee, 'ANSWER', { sdp: { type: 'answer', sdp: forged } })
  }

  async candidate(from: string, candidate: RTCIceCandidateInit): Promise<void> {
    const side = from === this.caller ? 'near' : 'far'
    const connection = this[side]
    if (connection.remoteDescription?.sdp) await connection.addIceCandidate(candidate)
    else this.waiting[side].push(candidate)
  }

  close(): void {
    this.near.close()
    this.far.close()
  }

  /** Reads a channel from its first message on, and passes on what comes once the other one is open. */
  private tap(from: RTCDataChannel, side: 'near' | 'far'): void {
    from.binaryType = 'arraybuffer'
    from.onmessage = ({ data }) => {
      this.seen.push(new Uint8Array(data))
      const to = this.channels[side === 'near' ? 'far' : 'near']
      if (to?.readyState === 'open') sendUnlessGone(to, data)
      else if (!to) this.unsent[side].push(data)
    }
  }

  /** A channel that the other side made is announced before it is open, or after. */
  private whenOpen(channel: RTCDataChannel, side: 'near' | 'far'): void {
    if (channel.readyState === 'open') this.opened(channel, side)
    else channel.onopen = () => this.opened(channel, side)
  }

  private opened(channel: RTCDataChannel, side: 'near' | 'far'): void {
    this.channels[side] = channel
    const other = side === 'near' ? 'far' : 'near'
    for (const data of this.unsent[other].splice(0)) sendUnlessGone(channel, data)
    if (this.channels[other]) this.open()
  }

  private tell(to: string, src: string, type: string, payload: object): void {
    const { connectionId } = this.offer.payload
    if ('candidate' in payload && !payload.candidate) return
    this.send(to, { type, src, dst: to, payload: { type: 'data', connectionId, ...payload } })
  }
}

/** Stands in the place of a signalling server until the test ends. */
export const startRelay = async (forgery: Forgery = 'none'): Promise<Relay> => {
  await prepareWebrtc()
  const listener = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await once(listener, 'listening')
  const sockets = new Map<string, WebSocket>()
  const taps = new Map<string, Wiretap>()
  const seen: Uint8Array[] = []
  let connected = 0

  const send = (to: string, message: object) => sockets.get(to)?.send(JSON.stringify(message))

  const hear = async (src: string, message: SignallingMessage): Promise<void> => {
    const { type, dst = '', payload } = message
    if (type === 'LEAVE') return send(dst, { type, src, payload })
    if (type === 'HEARTBEAT' || !payload) return
    const { connectionId, sdp, candidate } = payload
    if (type === 'OFFER' && sdp) {
      const offer = { ...message, payload: { ...payload, sdp } }
      const tap = new Wiretap(src, dst, offer, forgery, send, seen, () => connected++)
      taps.set(connectionId, tap)
      await tap.begin()
    }
    const tap = taps.get(connectionId)
    if (type === 'ANSWER' && sdp) await tap?.answered(sdp)
    if (type === 'CANDIDATE' && candidate) await tap?.candidate(src, candidate)
  }

  listener.on('connection', (socket, { url }) => {
    const id = new URL(url ?? '', 'ws://relay').searchParams.get('id') ?? ''
    sockets.set(id, socket)
    let queue = Promise.resolve()
    socket.on('message', (data) => {
      // In order, and whatever one of them does to WebRTC: a description that is refused ends its own dial alone.
      queue = queue.then(() => hear(id, JSON.parse(String(data)))).catch(() => {})
    })
    socket.send(JSON.stringify({ type: 'OPEN' }))
  })

  onTestFinished(() => {
    for (const tap of taps.values()) tap.close()
    for (const socket of sockets.values()) socket.terminate()
    listener.close()
  })

  return {
    server: { host: '127.0.0.1', port: (listener.address() as AddressInfo).port, secure: false },
    seen,
    get connected() {
      return connected
    },
  }
}
