import type { NanopeerError } from '../../base/errors'
import type { Frame } from '../wire/frame'
import type { Unread } from './unread'

/** What a session tells the layer above and beside it. */
export interface SessionEvents {
  /**
   * A counted frame, in order, exactly once, whatever links it took. Throwing `PROTOCOL` closes the link. The frame
   * after it comes once nothing of it is unread.
   */
  frame(frame: Frame): Unread
  /** Anything at all arrived: the remote lives. */
  heard(bytes: number): void
  /** The link is gone; the session waits for the next one. `byRemote`: the other side closed it on purpose. */
  lost(byRemote: boolean): void
  /** The remote ended the session, or broke the protocol. */
  ended(error: NanopeerError): void
  /** Bytes were handed to the link. */
  wrote(bytes: number): void
}
