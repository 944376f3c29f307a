import type { Connection, InputArguments, InputOf, MediaActionLike } from '@nanopeer/core/adapter'
import { createMediaViews, type MediaState, type Skip, type UseMediaOptions } from '@nanopeer/core/adapter'
import { useView } from './use-view'

/**
 * A device's live audio and video, watched while mounted, and again when the input changes or the device has restarted.
 *
 * @param connection null means "not yet".
 * @param input `skip` means "not yet".
 * @example
 * const { stream, isPaused, error } = useMedia(connection, watch, { facing: 'environment' })
 * return <video ref={(video) => { if (video) video.srcObject = stream }} autoPlay muted playsInline />
 */
export function useMedia<A extends MediaActionLike>(
  connection: Connection | null | undefined,
  action: A,
  ...[input, options]: InputArguments<A, UseMediaOptions, InputOf<A> | Skip>
): MediaState {
  return useView(createMediaViews<A>, connection, action, input, options)
}
