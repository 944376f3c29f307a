import { action } from '@nanopeer/core'

/** Under this id a page that offers its camera can be found. */
export const cameraId = 'files-camera'

/** Whether a key is of a page that is paired with the device: the camera is for those. */
export const isPaired = action<{ key: string }, boolean>('device.isPaired')

/** What its camera sees. */
export const watchCamera = action.media('camera.watch', { maxBitrate: 1_500_000, contentHint: 'motion' })
