import { action } from '@nanopeer/core'

/** Under this id a page that offers its camera can be found. */
export const cameraId = 'files-camera'

/** What its camera sees. */
export const watchCamera = action.media('camera.watch', { maxBitrate: 1_500_000, contentHint: 'motion' })
