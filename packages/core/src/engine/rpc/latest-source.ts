import { NanopeerError } from '../../base/errors'
import type { LatestItems } from '../../base/latest-items'
import type { Source } from './byte-source'

/** A source that is asked for an item when the item is written, not before. */
export const latestSource = (latest: LatestItems): Source => ({
  latest,
  /** Whoever asks ahead has no frame to fill: a remote that is not nanopeer. */
  async next() {
    throw new NanopeerError('UNSUPPORTED', 'A remote that is not nanopeer cannot follow this.')
  },
  cancel: () => latest.stop(),
})
