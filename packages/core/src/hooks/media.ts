import type { Connection, InputOf } from '../base/types'
import { derive } from '../derive'
import { rememberAsked } from '../request/asked'
import { type MediaActionLike, type MediaState, pendingMedia, watchMedia } from '../request/media'
import { type Skip, skip } from '../request/skip'
import { nothing, remember, type Views } from './view'

export interface UseMediaOptions {
  /** Ms to the first track, as in `connection.request`. Of those who watch the same, the first one's. @default 30000 */
  readonly timeout?: number | undefined
  /** Watches nothing while false. @default true */
  readonly enabled?: boolean | undefined
}

/** What `useMedia` is called with. */
export type MediaArguments<A extends MediaActionLike> = readonly [
  connection: Connection | null | undefined,
  action: A,
  input: InputOf<A> | Skip | undefined,
  options?: UseMediaOptions,
]

/** What stands behind `useMedia`. */
export function createMediaViews<A extends MediaActionLike>(): Views<MediaArguments<A>, MediaState> {
  const none: MediaState = { ...pendingMedia, status: 'idle' }
  const ask = rememberAsked()
  return remember<MediaArguments<A>, null, MediaState>(
    (connection, action, input, { timeout, enabled = true } = {}) =>
      !connection || input === skip || !enabled ? [] : [connection, ask(action, input).key, timeout],
    (_shown, connection, action, input, { timeout, enabled = true } = {}) => {
      if (!connection || input === skip || !enabled) {
        return nothing(none)
      }
      const asked = ask(action, input)
      let media = watchMedia(connection, asked, timeout)
      const $view = derive<MediaState>(
        pendingMedia,
        () => media.state,
        (changed) => {
          // What a render saw may have been forgotten since.
          media = watchMedia(connection, asked, timeout)
          return media.hold(changed)
        },
      )
      return { subject: null, $view }
    },
  )
}
