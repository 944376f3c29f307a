import { onNotify } from 'nanostores'
import { NanopeerError } from '../base/errors'
import { checkSecret } from '../base/secret'
import type { Peer, PeerOptions, PeerStatus } from '../base/types'
import { derive } from '../derive'
import { peerControllerOf } from '../peer/controller'
import { findPeer, getPeer } from '../peer/registry'
import { attempt, passive, peek, remember, type View, type Views } from './view'

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
  const { view } = remember<PeerArguments, PeerSource, PeerView>(
    (given, options = {}) => [
      typeof given === 'function' ? String(given) : (given ?? null),
      ownSecret(options),
    ],
    (shown, given, options = {}) => {
      const source = createSource(given, options, shown, ids)
      return { subject: source, $view: viewPeer(source) }
    },
  )
  return { ...passive, view }
}

/** A secret that may be changed; a function is new in every render, and gives what it gives. */
const ownSecret = ({ secret }: PeerOptions): string | undefined =>
  typeof secret === 'string' ? secret : undefined

/** Where the peer of a view comes from. */
interface PeerSource {
  /** What a server renders, and so the first client render. */
  readonly init: PeerView
  /** The peer; null where none is meant yet; or why there cannot be one. */
  find(): Peer | NanopeerError | null
  /** The peer that has another secret than this one would give it. */
  other(): Peer | undefined
  /**
   * It comes on screen: a secret that it is given is its secret from now on. One that was destroyed meanwhile makes room for
   * another.
   */
  use(): void
  /** The peer whose secret this one, or what was on screen before it, has given; null where somebody else has. */
  peer(): Peer | null
}

function createSource(
  given: PeerArguments[0],
  options: PeerOptions,
  shown: PeerSource | null,
  ids: Map<string, string>,
): PeerSource {
  if (!given) return sourceOf(null)
  return typeof given === 'object' ? sourceOf(given) : sourceById(given, options, shown, ids)
}

const sourceOf = (peer: Peer | null): PeerSource => ({
  init: peer ? { ...waiting, peer } : none,
  find: () => peer,
  other: () => undefined,
  use() {},
  peer: () => null,
})

function sourceById(
  given: string | (() => string),
  options: PeerOptions,
  shown: PeerSource | null,
  ids: Map<string, string>,
): PeerSource {
  const secret = ownSecret(options)
  const { secret: _, ...others } = options
  // No chain of all that have been shown.
  const before = shown?.peer() ?? null
  let id = typeof given === 'string' ? given : null
  let peer: Peer | null = null
  const find = (): Peer => {
    if (peer) return peer
    // An id that is made is made in a browser only: a page that is rendered ahead of time has no use for one.
    const text = String(given)
    id ??= ids.get(text) ?? (given as () => string)()
    ids.set(text, id)
    if (secret !== undefined) checkSecret(secret)
    const known = findPeer(id, options)
    // Whoever gave the secret may give another, and so may the first who comes when nobody holds the peer any more.
    const isOurs = known && (known === before || !peerControllerOf(known).isWanted)
    peer = getPeer(id, isOurs && secret !== undefined ? others : options)
    return peer
  }
  let refused: NanopeerError | null = null
  /** The same error while it says the same. */
  const tryToFind = (): Peer | NanopeerError => {
    const found = attempt(find)
    if (!(found instanceof NanopeerError)) return found
    if (refused?.message !== found.message) refused = found
    return refused
  }
  const found = typeof given === 'string' ? tryToFind() : null
  return {
    init: found instanceof NanopeerError ? waiting : { ...waiting, peer: found },
    // An id may be what somebody is typing: that it cannot be one is shown, not thrown.
    find: tryToFind,
    other: () => (id === null ? undefined : findPeer(id, options)),
    use() {
      if (peer && peerControllerOf(peer).isDestroyed) peer = null
      tryToFind()
      if (peer && secret !== undefined) peerControllerOf(peer).changeSecret(secret)
    },
    peer: () => (peer && secret !== peerControllerOf(peer).options.secret ? null : (peer ?? before)),
  }
}

function viewPeer(source: PeerSource): View<PeerView> {
  const now = (): PeerView => {
    const found = source.find()
    if (found instanceof NanopeerError) return { ...none, status: 'disconnected', error: found }
    if (!found) return none
    const { state, error } = peek(found.$status)
    return { peer: found, status: state === 'idle' ? 'connecting' : state, error }
  }
  return derive(source.init, now, (changed) => {
    let release = () => {}
    const hold = () => {
      release()
      source.use()
      const found = source.find()
      const other = found instanceof NanopeerError ? source.other() : undefined
      if (other) release = whenReleased(other, () => void [hold(), changed()])
      else if (found && !(found instanceof NanopeerError)) release = found.$status.listen(changed)
    }
    hold()
    return () => release()
  })
}

/** Waits for the last holder of a peer to be gone, without holding it. */
const whenReleased = (peer: Peer, released: () => void): (() => void) =>
  onNotify(peer.$status, () => {
    if (!peerControllerOf(peer).isWanted) released()
  })
