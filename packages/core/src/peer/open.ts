import type { ReadableAtom } from 'nanostores'
import type { NanopeerError } from '../base/errors'
import type { PeerStatus } from '../base/types'

/**
 * Resolves when the peer is first open.
 *
 * @param failure why it will never be; null while it may
 */
export const untilOpen = (
  $status: ReadableAtom<PeerStatus>,
  failure: (status: PeerStatus) => NanopeerError | null,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const unlisten = $status.subscribe((status) => {
      const error = failure(status)
      if (status.state !== 'open' && !error) return
      queueMicrotask(() => unlisten())
      if (error) reject(error)
      else resolve()
    })
  })
