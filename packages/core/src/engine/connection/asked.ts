import { NanopeerError } from '../../base/errors'

/** What the app asks a remote to prove, fixed for a conversation. */
export interface Asked {
  /** What both sides must prove to know; null where nothing. */
  readonly secret: string | null
  /** The key that is pinned; null where none. */
  readonly pin: string | null
}

export const isSameAsked = (one: Asked, other: Asked): boolean =>
  one.secret === other.secret && one.pin === other.pin

/** Given while a link was being opened: what is said without it must not speak for what needs it. */
export const askedAnew = (): NanopeerError =>
  new NanopeerError(
    'CONNECTION_LOST',
    'The secret or key of this connection was changed during the handshake.',
  )
