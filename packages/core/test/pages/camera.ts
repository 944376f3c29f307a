/** A page that shows a drawn camera with a microphone to whoever asks, and watches that of another page, when a test tells it to. */
import { action, type Connection, createPeer, type Peer, type ServerOptions } from '@nanopeer/core'
import { watchOpenConnections } from '../support/open-connections'
import { DrawnCamera, Screen } from '../support/pictures'

const watch = action.media('watch')

const open = watchOpenConnections()

let peer: Peer
let connection: Connection
let camera: DrawnCamera
let sent: MediaStream
let abort: AbortController
let stream: MediaStream

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
    peer.handle(watch, () => sent)
    await peer.open()
  },
  async watch(remoteId: string) {
    connection = peer.connect(remoteId)
    abort = new AbortController()
    stream = await connection.request(watch, undefined, { signal: abort.signal })
    new Screen(stream).video.id = 'screen'
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
  /** Ends the path under everything, as no goodbye does. */
  cut() {
    for (const one of open) one.close()
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
    watch(remoteId: string): Promise<void>
    shows(number: number): Promise<void>
    stop(): number
    cut(): void
    links(): number
    switchTo(number: number): void
    directions(): (RTCRtpTransceiverDirection | null)[]
    leave(): Promise<void>
  }
}
