import type { Connection, MediaActionLike, UseMediaOptions } from '@nanopeer/core/adapter'
import { createMediaViews, type MediaState } from '@nanopeer/core/adapter'
import { type InputAndOptions, type MaybeGetter, useView } from './use-view'

/**
 * A device's live audio and video, watched while mounted, and again when the input changes or the device has restarted.
 *
 * @param connection null means "not yet".
 * @param input `skip` means "not yet".
 * @example
 * const camera = useMedia(() => nas.connection, watch, { facing: 'environment' })
 * let video: HTMLVideoElement
 * $effect(() => { video.srcObject = camera.stream })
 * // <video bind:this={video} autoplay muted playsinline></video>
 */
export function useMedia<A extends MediaActionLike>(
  connection: MaybeGetter<Connection | null | undefined>,
  action: A,
  ...[input, options]: InputAndOptions<A, UseMediaOptions>
): MediaState {
  return useView(createMediaViews<A>, connection, action, input, options)
}
