import type { NanopeerEvent } from './base/event'
import type { Peer } from './base/types'

/** What a copy of core shows to developer tools. */
export interface DevtoolsSource {
  /** Peers that live now. */
  readonly peers: ReadonlySet<Peer>
  /** Hears of every peer that is made from now on. Returns its undo. */
  onPeer(listener: (peer: Peer) => void): () => void
  /** Hears what every peer's `onEvent` would hear; nothing is made for it before. Returns its undo. */
  onEvent(listener: (event: NanopeerEvent, peer: Peer) => void): () => void
}

/** What stands under `Symbol.for('nanopeer.devtools')` in the global scope, once a peer was made or a tool has asked. */
export interface DevtoolsHook {
  /** One for each copy of core in this page. */
  readonly sources: DevtoolsSource[]
  /** A tool's: hears of a copy of core that comes later. */
  onSource?(source: DevtoolsSource): void
}

type Scope = { [name: symbol]: DevtoolsHook | undefined }

const peers = new Set<Peer>()
const peerListeners = new Set<(peer: Peer) => void>()
const eventListeners = new Set<(event: NanopeerEvent, peer: Peer) => void>()

const added = <Listener>(listeners: Set<Listener>, listener: Listener) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const source: DevtoolsSource = {
  peers,
  onPeer: (listener) => added(peerListeners, listener),
  onEvent: (listener) => added(eventListeners, listener),
}

/** A peer was made in this page. Returns its undo, for when it is destroyed. */
export const showPeer = (peer: Peer): (() => void) => {
  const name = Symbol.for('nanopeer.devtools')
  const scope = globalThis as unknown as Scope
  const hook = scope[name] ?? { sources: [] }
  scope[name] = hook
  if (!hook.sources.includes(source)) {
    hook.sources.push(source)
    hook.onSource?.(source)
  }
  peers.add(peer)
  for (const listener of [...peerListeners]) listener(peer)
  return () => peers.delete(peer)
}

/** Whether any tool listens. */
export const isWatched = (): boolean => eventListeners.size > 0

/** Tells the tools that listen. */
export const showEvent = (event: NanopeerEvent, peer: Peer): void => {
  for (const listener of [...eventListeners]) listener(event, peer)
}
