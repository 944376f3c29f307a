import { NanopeerError } from '../base/errors'
import type { Peer, PeerOptions, PeerStatus } from '../base/types'
import { derive } from '../derive'
import { peerControllerOf } from '../peer/controller'
import { createPeer, findPeer, getPeer } from '../peer/registry'
import { checkTrust, contentOf } from '../peer/trust'
import { type Claim, createClaim, type Says } from './claims'
import { attempt, createView, nothing, peek, remember, type Views } from './view'

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
const waiting: PeerView = { ...none, status: 'connecting' }

/** What stands behind `usePeer`. */
export function createPeerViews(): Views<PeerArguments, PeerView> {
  /** By the text of what made them: an inline function is another one in every render. */
  const ids = new Map<string, string>()
  let latest: PeerOptions = {}
  const views = remember<PeerArguments, Named | null, PeerView>(
    (given, { secret, accept } = {}) => [
      typeof given === 'function' ? String(given) : (given ?? null),
      contentOf(secret),
      contentOf(accept),
    ],
    (shown, given, options = {}) => {
      if (!given) return nothing(none)
      if (typeof given === 'object') {
        const $view = createView([given.$status], { ...waiting, peer: given }, () => viewOf(given))
        return { subject: null, $view }
      }
      const named = namePeer(given, options, shown, ids, () => latest)
      return { subject: named, $view: derive(named.init, named.now, named.hold) }
    },
  )
  const commit = (...given: PeerArguments) => {
    latest = given[1] ?? {}
    views.known(...given)?.adopt()
  }
  return { ...views, commit }
}

const viewOf = (peer: Peer): PeerView => {
  const { state, error } = peek(peer.$status)
  return { peer, status: state === 'idle' ? 'connecting' : state, error }
}

/** A peer that a hook has named by its id. */
interface Named {
  readonly says: Says
  /** What a server renders, and so the first client render. */
  readonly init: PeerView
  now(): PeerView
  hold(changed: () => void): () => void
  /** Uses the functions that were given last, where it is on screen. */
  adopt(): void
}

/** Those whom hooks have made trust whom a hook on screen says; any other one trusts whom the code says that made it. */
const madeByHooks = new WeakSet<Peer>()

const untold = { secret: undefined, accept: undefined }

/** @param before what is on screen until this one is */
function namePeer(
  given: string | (() => string),
  options: PeerOptions,
  before: Named | null,
  ids: Map<string, string>,
  latest: () => PeerOptions,
): Named {
  const says = { secret: contentOf(options.secret), accept: contentOf(options.accept) }
  // Only this is kept of it, or there would be a chain of all that have been shown.
  const shown = before?.now().peer
  let isWithdrawn = !!before?.says.accept
  const make = (): Peer => {
    // An id that is made is made in a browser only: a page that is rendered ahead of time has no use for one.
    const text = String(given)
    const id = typeof given === 'string' ? given : (ids.get(text) ?? given())
    ids.set(text, id)
    checkTrust(options)
    const known = findPeer(id, options)
    // It compares what hooks cannot change.
    if (known) return getPeer(id, madeByHooks.has(known) ? { ...options, ...untold } : options)
    const made = createPeer(id, options)
    madeByHooks.add(made)
    return made
  }
  /** The same error until this is on screen again. */
  let found: Claim<Peer> | NanopeerError | null = null
  const adopt = () => {
    if (!found || found instanceof NanopeerError || !found.counts || !madeByHooks.has(found.about)) return
    const controller = peerControllerOf(found.about)
    // Left out, a secret counts on, or that would open the door; `accept` is what it was without.
    if (isWithdrawn) controller.options.accept = undefined
    isWithdrawn = false
    controller.change(latest())
  }
  const find = () => {
    // An id may be what somebody is typing: that it cannot be one is shown, not thrown.
    found ??= attempt(() => {
      const peer = make()
      isWithdrawn &&= shown === peer
      return createClaim(peer, peer.id, says, shown === peer, adopt)
    })
    return found
  }
  const now = (): PeerView => {
    const found = find()
    const error = found instanceof NanopeerError ? found : found.error
    if (error) return { ...none, status: 'disconnected', error }
    const { about, isGranted } = found as Claim<Peer>
    return isGranted ? viewOf(about) : waiting
  }
  return {
    says,
    init: { ...waiting, peer: typeof given === 'string' ? now().peer : null },
    now,
    hold(changed) {
      // One that was destroyed meanwhile makes room for another.
      if (found instanceof NanopeerError || (found && peerControllerOf(found.about).isDestroyed)) found = null
      const named = find()
      return named instanceof NanopeerError ? () => {} : named.hold(changed)
    },
    adopt,
  }
}
