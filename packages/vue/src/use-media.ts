import type { Connection, MediaActionLike, UseMediaOptions } from '@nanopeer/core/adapter'
import { createMediaViews, type MediaState } from '@nanopeer/core/adapter'
import type { MaybeRefOrGetter } from 'vue'
import { type InputAndOptions, type Refs, useView } from './use-view'

/**
 * A device's live audio and video, watched while mounted, and again when the input changes or the device has restarted.
 *
 * @param connection null means "not yet".
 * @param input `skip` means "not yet".
 * @example
 * const { stream, isPaused, error } = useMedia(connection, watch, { facing: 'environment' })
 * // <template> <video :srcObject="stream" autoplay muted playsinline />
 */
export function useMedia<A extends MediaActionLike>(
  connection: MaybeRefOrGetter<Connection | null | undefined>,
  action: A,
  ...[input, options]: InputAndOptions<A, UseMediaOptions>
): Refs<MediaState> {
  return useView(createMediaViews<A>, connection, action, input, options)
}
