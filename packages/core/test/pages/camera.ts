/** A page that shows a drawn camera with a microphone to whoever asks, and watches that of another page, when a test tells it to. */
import {
  action,
  type Connection,
  type ConnectionStats,
  createPeer,
  type Peer,
  type ServerOptions,
} from '@nanopeer/core'
import { forgeries } from '../hostile/forgeries'
import { cut, watchOpenConnections } from '../support/open-connections'
import { DrawnCamera, Screen } from '../support/pictures'

const watch = action.media('watch')
const limited = action.media('limited', {
  maxBitrate: 123_000,
  contentHint: 'detail',
  degradation: 'maintain-resolution',
})
const echo = action<string, string>('echo')

const open = watchOpenConnections()

let peer: Peer
let connection: Connection
let camera: DrawnCamera
let sent: MediaStream
let abort: AbortController
let stream: MediaStream

const senders = () =>
  [...open]
    .flatMap((one) => one.getTransceivers())
    .filter(({ currentDirection }) => currentDirection === 'sendonly' || currentDirection === 'inactive')
    .map(({ sender }) => sender)

const codeOf = (error: unknown): string => (error as { code?: string }).code ?? String(error)

globalThis.nanopeerCamera = {
  async join(id: string, server: ServerOptions, number: number) {
    camera = new DrawnCamera(number)
    // Silent: a page that nobody has clicked on may not sound.
    const microphone = new AudioContext().createMediaStreamDestination().stream
    sent = new MediaStream([camera.track, ...microphone.getTracks()])
    peer = createPeer(id, {
      server,
      iceServers: [],
      accept: 'anyone',
      reconnect: { minDelay: 50, maxDelay: 200 },
    })
    for (const each of [watch, limited]) peer.handle(each, () => sent)
    peer.handle(echo, (text) => text)
    await peer.open()
  },
  async connect(remoteId: string) {
    connection = peer.connect(remoteId)
    await connection.request(echo, 'hello')
  },
  async watch(remoteId: string, how: 'plain' | 'limited' = 'plain') {
    connection = peer.connect(remoteId)
    // The figures are read while somebody looks.
    connection.$stats.listen(() => {})
    abort = new AbortController()
    const asked = how === 'plain' ? watch : limited
    stream = await connection.request(asked, undefined, { signal: abort.signal })
    new Screen(stream).video.id = 'screen'
  },
  /** How a request to watch the remote ends. */
  ask: () =>
    connection.request(watch).then(
      () => 'watched',
      (error) => codeOf(error),
    ),
  /** From now on this page's connections say of themselves what is forged. */
  lie(name: keyof typeof forgeries) {
    for (const one of open) {
      const honest = () => Reflect.get(Object.getPrototypeOf(one), 'localDescription', one)
      Object.defineProperty(one, 'localDescription', { get: () => ({ sdp: forgeries[name](honest().sdp) }) })
    }
  },
  standing: () => {
    const { state, error } = connection.$status.get()
    return [state, error?.code]
  },
  async shows(number: number) {
    const shown = new Screen(stream)
    await shown.shows(number)
    shown.remove()
  },
  stop() {
    abort.abort()
    return stream.getTracks().length
  },
  /** Ends when the remote has answered what was asked behind all that was said before. */
  roundTrip: () => connection.request(echo, 'there and back'),
  figures: () => connection.$stats.get().media,
  /** What the browser says of what is sent. */
  sent: () =>
    senders().map((sender) => {
      const parameters: RTCRtpSendParameters & { degradationPreference?: string } = sender.getParameters()
      const { encodings, degradationPreference } = parameters
      const { kind, contentHint } = sender.track ?? {}
      return { kind, contentHint, maxBitrate: encodings[0]?.maxBitrate, degradationPreference }
    }),
  /** Ends the path under everything, as no goodbye does. */
  cut() {
    for (const one of open) cut(one)
  },
  links: () => connection.$stats.get().links,
  switchTo(number: number) {
    const before = camera
    camera = new DrawnCamera(number)
    sent.removeTrack(before.track)
    sent.addTrack(camera.track)
    before.stop()
  },
  directions: () =>
    [...open].flatMap((one) => one.getTransceivers().map(({ currentDirection }) => currentDirection)),
  async leave() {
    camera.stop()
    await peer.destroy()
  },
}

declare global {
  var nanopeerCamera: {
    join(id: string, server: ServerOptions, number: number): Promise<void>
    connect(remoteId: string): Promise<void>
    watch(remoteId: string, how?: 'plain' | 'limited'): Promise<void>
    ask(): Promise<string>
    lie(name: keyof typeof forgeries): void
    standing(): (string | undefined)[]
    roundTrip(): Promise<string>
    figures(): ConnectionStats['media']
    sent(): {
      kind?: string | undefined
      contentHint?: string | undefined
      maxBitrate?: number | undefined
      degradationPreference?: string | undefined
    }[]
    shows(number: number): Promise<void>
    stop(): number
    cut(): void
    links(): number
    switchTo(number: number): void
    directions(): (RTCRtpTransceiverDirection | null)[]
    leave(): Promise<void>
  }
}
