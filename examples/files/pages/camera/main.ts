/** A page that offers its camera to the other pages, until it is closed. */
import { createPeer } from '@nanopeer/core'
import { cameraId, isPaired, watchCamera } from '../../shared/camera'
import { deviceId } from '../../shared/device-id'
import { peerOptions } from '../shared/config'
import { letIn } from './door'
import { openDrawnCamera } from './drawn-camera'

const find = <Found extends Element>(selector: string) => document.querySelector(selector) as Found
const video = find<HTMLVideoElement>('video')
const state = find('[aria-label=Peer]')
const viewers = find('[aria-label=Viewers]')

const peer = createPeer(cameraId, {
  ...peerOptions,
  // Whoever the device lets in may watch: it is asked each time, because it may have changed its mind.
  accept: async ({ key }) => key !== null && peer.connect(deviceId).request(isPaired, { key }),
})
peer.$status.subscribe(({ state: now, error }) => {
  state.textContent = error?.message ?? now
})

/** One stream for all who watch; it is open while anybody does. */
let camera: Promise<MediaStream> | null = null
let count = 0

const open = async (): Promise<MediaStream> => {
  const { mediaDevices } = navigator
  // No camera, no permission, or no secure origin.
  const stream = await mediaDevices?.getUserMedia({ video: true }).catch(openDrawnCamera)
  return stream ?? openDrawnCamera()
}

const close = async (opened: Promise<MediaStream>): Promise<void> => {
  for (const track of (await opened).getTracks()) track.stop()
}

const counted = (change: number): void => {
  count += change
  viewers.textContent = count === 0 ? 'Nobody is watching' : `Watching: ${count}`
  if (count > 0 || !camera) return
  void close(camera)
  camera = null
  video.srcObject = null
}

peer.handle(watchCamera, async (_input, { signal }) => {
  counted(1)
  signal.addEventListener('abort', () => counted(-1))
  camera ??= open()
  const stream = await camera
  if (!signal.aborted) video.srcObject = stream
  return stream
})

await letIn(peer)
await peer.open()
