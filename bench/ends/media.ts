/** The end of a page that shows or watches a drawn camera, over nanopeer and over PeerJS's own `call`. */
import { action, type Connection, createPeer, type Peer } from '@nanopeer/core'
import { type MediaConnection, Peer as PeerjsPeer } from 'peerjs'
import type { Meeting } from './contestant'
import { download, optionsOf } from './nanopeer'
import { drain, streamOf } from './payload'

const watch = action.media('watch')

/** A picture that changes 30 times a second, as a camera's. */
const openCamera = (): MediaStream => {
  const canvas = document.createElement('canvas')
  Object.assign(canvas, { width: 640, height: 360 })
  const context = canvas.getContext('2d') as CanvasRenderingContext2D
  let frame = 0
  setInterval(() => {
    context.fillStyle = `hsl(${frame++ % 360} 60% 50%)`
    context.fillRect(0, 0, 640, 360)
  }, 33)
  return canvas.captureStream(30)
}

const video = () => {
  const element = document.createElement('video')
  Object.assign(element, { autoplay: true, muted: true })
  document.body.append(element)
  return element
}

/** Resolves with the first frame that is on screen. */
const firstFrame = (stream: MediaStream): Promise<HTMLVideoElement> => {
  const element = video()
  element.srcObject = stream
  return new Promise((resolve) => element.requestVideoFrameCallback(() => resolve(element)))
}

const registered = async (id: string, { signalling }: Meeting): Promise<PeerjsPeer> => {
  const peer = new PeerjsPeer(id, { ...signalling, secure: false, config: { iceServers: [] } })
  await new Promise((resolve, reject) => peer.once('open', resolve).once('error', reject))
  return peer
}

let peer: Peer
let connection: Connection
let caller: PeerjsPeer

const peerjsId = ({ deviceId }: Meeting) => `${deviceId}-peerjs`

const commands = {
  /** Shows a camera to whoever asks or calls. */
  async show(meeting: Meeting) {
    const camera = openCamera()
    peer = createPeer(meeting.deviceId, optionsOf(meeting))
    peer.handle(watch, () => camera)
    peer.handle(download, ({ size }) => new Response(streamOf(size, 256 * 1024)))
    await peer.open()
    const callee = await registered(peerjsId(meeting), meeting)
    callee.on('call', (call) => call.answer(camera))
  },
  async join(meeting: Meeting) {
    peer = createPeer(crypto.randomUUID(), optionsOf(meeting))
    await peer.open()
    caller = await registered(crypto.randomUUID(), meeting)
    connection = peer.connect(meeting.deviceId)
  },
  /** Opens the connection, and holds it. */
  async connect() {
    connection.$status.listen(() => {})
    await connection.request('nobody').catch(() => {})
  },
  close: () => connection.close(),
  /** Ms from the request to the first frame. */
  async start(): Promise<number> {
    const begun = performance.now()
    const abort = new AbortController()
    const element = await firstFrame(await connection.request(watch, undefined, { signal: abort.signal }))
    const time = performance.now() - begun
    abort.abort()
    element.remove()
    return time
  },
  /** Ms from PeerJS's `call` to the first frame. The caller has to send something: it sends a picture of its own. */
  async call(meeting: Meeting): Promise<number> {
    const own = document.createElement('canvas')
    own.getContext('2d')
    const stream = own.captureStream(1)
    const begun = performance.now()
    const call: MediaConnection = caller.call(peerjsId(meeting), stream)
    const remote = await new Promise<MediaStream>((resolve) => call.on('stream', resolve))
    const element = await firstFrame(remote)
    const time = performance.now() - begun
    call.close()
    element.remove()
    return time
  },
  /** Frames per second of a video, alone and beside a download of `size` bytes. */
  async beside(size: number): Promise<{ alone: number; beside: number }> {
    const abort = new AbortController()
    const element = await firstFrame(await connection.request(watch, undefined, { signal: abort.signal }))
    const shown = () => element.getVideoPlaybackQuality().totalVideoFrames
    const rate = async (work: () => Promise<unknown>) => {
      const [frames, begun] = [shown(), performance.now()]
      await work()
      return ((shown() - frames) * 1000) / (performance.now() - begun)
    }
    const alone = await rate(() => new Promise((resolve) => setTimeout(resolve, 3000)))
    const beside = await rate(async () => {
      const { body } = await connection.request(download, { size })
      if (body) await drain(body)
    })
    abort.abort()
    element.remove()
    return { alone, beside }
  },
}

export type MediaCommands = typeof commands

Object.assign(globalThis, { bench: commands })
