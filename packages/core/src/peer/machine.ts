import type { NanopeerError } from '../base/errors'
import type { PeerStatus } from '../base/types'

/** What can happen to a peer. */
export type PeerEvent =
  /** Something holds it for the first time, or again. */
  | { readonly type: 'held' }
  /** Nothing has held it for a while; its signalling was left. */
  | { readonly type: 'released' }
  /** An attempt to register begins. */
  | { readonly type: 'attempted' }
  /** Registered with a server. */
  | { readonly type: 'opened' }
  /** Registered nowhere any more, or the attempt failed. */
  | { readonly type: 'lost'; readonly error: NanopeerError; readonly retryAt: number | null }
  | { readonly type: 'destroyed' }

export const idlePeer: PeerStatus = { state: 'idle', error: null, retryAt: null }

/**
 * The peer's transitions. An event that a state does not accept leaves it unchanged (the same object).
 * `docs/states.md` draws the table.
 */
export const peerTransition = (status: PeerStatus, event: PeerEvent): PeerStatus => {
  if (status.state === 'destroyed') return status
  if (event.type === 'destroyed') return { state: 'destroyed', error: null, retryAt: null }
  if (status.state === 'idle') {
    return event.type === 'held' ? { state: 'connecting', error: null, retryAt: null } : status
  }
  switch (event.type) {
    case 'held':
      return status
    case 'released':
      return idlePeer
    case 'attempted':
      return status.state === 'disconnected'
        ? { state: 'connecting', error: status.error, retryAt: null }
        : status
    case 'opened':
      return status.state === 'open' ? status : { state: 'open', error: null, retryAt: null }
    case 'lost':
      return { state: 'disconnected', error: event.error, retryAt: event.retryAt }
  }
}
