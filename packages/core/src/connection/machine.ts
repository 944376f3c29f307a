import type { NanopeerError } from '../base/errors'
import type { ConnectionStats, ConnectionStatus } from '../base/types'

/** What can happen to a connection. Links are numbered, so that what an old one still says changes nothing. */
export type ConnectionEvent =
  /** A dial begins, for somebody who wants the connection: the first one, or one of the loop's. */
  | { readonly type: 'dialled' }
  /** Link number `link` finished its handshake, whoever dialled it. */
  | { readonly type: 'opened'; readonly link: number }
  /** Nothing was heard on the link for about 3 s. */
  | { readonly type: 'silent'; readonly link: number }
  /** Something was heard again. */
  | { readonly type: 'heard'; readonly link: number }
  /** The link is gone; the session is kept. */
  | { readonly type: 'lost'; readonly link: number; readonly error: NanopeerError | null }
  /** The next dial is due at `retryAt` (epoch ms), or under way (null). */
  | { readonly type: 'scheduled'; readonly retryAt: number | null }
  /** The session is over, or none came about. */
  | { readonly type: 'closed'; readonly error: NanopeerError | null }

export const idleConnection: ConnectionStatus = { state: 'idle', error: null, retryAt: null }

/** The figures of a connection that has never had a link. */
export const noStats: ConnectionStats = {
  rtt: null,
  route: null,
  sent: 0,
  received: 0,
  links: 0,
  media: null,
}

/**
 * The connection's transitions. An event that a state does not accept leaves it unchanged (the same object).
 * `docs/states.md` draws the table.
 */
export const connectionTransition = (status: ConnectionStatus, event: ConnectionEvent): ConnectionStatus => {
  switch (event.type) {
    case 'dialled':
      return status.state === 'idle' || status.state === 'closed'
        ? { state: 'connecting', error: status.error, retryAt: null }
        : status
    case 'opened':
      if (hasLink(status) && status.link >= event.link) return status
      return { state: 'open', link: event.link, error: null, retryAt: null }
    case 'silent':
      return status.state === 'open' && status.link === event.link
        ? { state: 'unstable', link: status.link, error: null, retryAt: null }
        : status
    case 'heard':
      return status.state === 'unstable' && status.link === event.link
        ? { state: 'open', link: status.link, error: null, retryAt: null }
        : status
    case 'lost':
      return hasLink(status) && status.link === event.link
        ? { state: 'reconnecting', error: event.error, retryAt: null }
        : status
    case 'scheduled':
      return (status.state === 'reconnecting' || status.state === 'closed') &&
        status.retryAt !== event.retryAt
        ? { ...status, retryAt: event.retryAt }
        : status
    case 'closed':
      return status.state === 'idle' || status.state === 'closed'
        ? status
        : { state: 'closed', error: event.error, retryAt: null }
  }
}

const hasLink = (status: ConnectionStatus): status is ConnectionStatus & { readonly link: number } =>
  status.state === 'open' || status.state === 'unstable'
