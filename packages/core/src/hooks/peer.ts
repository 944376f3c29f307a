import { NanopeerError } from '../base/errors'
import type { Peer, PeerOptions, PeerStatus } from '../base/types'
import { derive } from '../derive'
import { getPeer } from '../peer/registry'
import { attempt, createView, passive, peek, remember, type View, type Views } from './view'

/** What `usePeer` gives. */
export interface PeerView {
  /** Stable while the id is; null while there is no id, or none that can be. */
  readonly peer: Peer | null
  /** A peer that is about to be held says `connecting`, never `idle`. */
  readonly status: PeerStatus['state']
  /** Why signalling is lost, or the peer cannot be; null otherwise. */
  readonly error: NanopeerError | null
}

/** An id, what makes one, a peer, or null for "not yet"; the options are those of `getPeer`. */
export type PeerArguments = readonly [
  given: string | (() => string) | Peer | null | undefined,
  options?: PeerOptions,
]

const none: PeerView = { peer: null, status: 'idle', error: null }

/** What stands behind `usePeer`. */
export function createPeerViews(): Views<PeerArguments, PeerView> {
  const { view } = remember<PeerArguments, null, PeerView>(
    (given) => [given ?? null],
    (_shown, given, options) => ({
      subject: null,
      $view:
        typeof given === 'function'
          ? makePeer(given, options)
          : given
            ? findPeer(given, options)
            : createView([], none, () => none),
    }),
  )
  return { ...passive, view }
}

/** An id that is made when it is first needed in a browser: a page that is rendered ahead of time has no use for one. */
function makePeer(makeId: () => string, options?: PeerOptions): View<PeerView> {
  let made: View<PeerView> | null = null
  const find = () => {
    made ??= findPeer(makeId(), options)
    return made
  }
  const init: PeerView = { ...none, status: 'connecting' }
  return derive(
    init,
    () => find().value,
    (changed) => find().listen(changed),
  )
}

/** An id may be what somebody is typing: that it cannot be one is shown, not thrown. */
function findPeer(given: string | Peer, options?: PeerOptions): View<PeerView> {
  const result = attempt(() => (typeof given === 'string' ? getPeer(given, options) : given))
  if (!(result instanceof NanopeerError)) return viewPeer(result)
  const refused: PeerView = { ...none, status: 'disconnected', error: result }
  return createView([], { ...none, status: 'connecting' }, () => refused)
}

function viewPeer(peer: Peer): View<PeerView> {
  const { $status } = peer
  const init: PeerView = { ...none, peer, status: 'connecting' }
  return createView([$status], init, () => {
    const { state, error } = peek($status)
    return { peer, status: state === 'idle' ? 'connecting' : state, error }
  })
}
