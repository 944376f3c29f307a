import { showPeer } from '../base/devtools-hook'
import { NanopeerError } from '../base/errors'
import type { Transport } from '../base/transport'
import type { Peer, PeerOptions } from '../base/types'
import { PeerController, peerControllerOf } from './controller'
import { peerjsTransport } from './peerjs-transport'
import { contentOf } from './trust'

/** One page, one peer per id: per transport, so that test networks do not see each other. */
const registries = new WeakMap<Transport, Map<string, Peer>>()

const registryOf = (transport: Transport): Map<string, Peer> => {
  const registry = registries.get(transport) ?? new Map<string, Peer>()
  registries.set(transport, registry)
  return registry
}

/**
 * Makes a peer and joins it to the page's registry. Nothing is opened until something holds it.
 *
 * @throws `NanopeerError` `ID_TAKEN` when this page has a peer under this id, `INVALID_ID` for an id no server takes.
 * @example
 * const peer = createPeer('nas', { accept: ['laptop'] })
 * peer.handle(listFiles, ({ path }) => readFolder(path))
 * await peer.open()
 */
export const createPeer = (id: string, options: PeerOptions = {}): Peer => {
  const transport = options.transport ?? peerjsTransport
  const registry = registryOf(transport)
  if (registry.has(id)) {
    throw new NanopeerError('ID_TAKEN', `This page has a peer ${JSON.stringify(id)}: getPeer() gives it.`)
  }
  let hide = () => {}
  const peer: Peer = new PeerController(id, options, transport, () => {
    if (registry.get(id) === peer) registry.delete(id)
    hide()
  }).handle
  // A server renders for many: what one visitor's page asks for must not be there for the next.
  if (transport.isSupported()) {
    registry.set(id, peer)
    hide = showPeer(peer, peerControllerOf(peer).inspection)
  }
  return peer
}

/**
 * The page's peer under this id, made on first use. The first options win, but for those that say who is trusted: another
 * `secret`, `accept`, `identity` or `known` than the first is an error, because whoever gave it would rely on it. Of an identity
 * that is still loading it turns out later, and `onError` hears it.
 *
 * @throws `NanopeerError` `INVALID_ID` for an id no server takes, `INVALID_INPUT` for another one of these than
 *   the peer has.
 * @example
 * const peer = getPeer(tabId())
 */
export const getPeer = (id: string, options: PeerOptions = {}): Peer => {
  const known = findPeer(id, options)
  if (!known) return createPeer(id, options)
  refuseOtherTrust(known, options)
  return known
}

/** The page's peer under this id; undefined where there is none. */
export const findPeer = (id: string, { transport = peerjsTransport }: PeerOptions): Peer | undefined =>
  registryOf(transport).get(id)

/** The options that say who is trusted: another one is an error. */
const trusting = ['secret', 'accept', 'identity', 'known'] as const

const refuseOtherTrust = (peer: Peer, options: PeerOptions): void => {
  const { options: first } = peerControllerOf(peer)
  for (const name of trusting) {
    const [given, kept] = [options[name], first[name]]
    if (given === undefined || given === kept) continue
    if (given instanceof Promise || kept instanceof Promise) compareLater(peer, options.identity)
    else if (contentOf(given) !== contentOf(kept)) throw otherTrust(peer.id, name)
  }
}

/** Two identities, one of them still loading. Whoever loads it is told what is wrong with it. */
const compareLater = (peer: Peer, given: PeerOptions['identity']): void => {
  const { options, report } = peerControllerOf(peer)
  Promise.all([given, options.identity]).then(
    ([one, other]) => one?.key !== other?.key && report(otherTrust(peer.id, 'identity'), {}),
    () => {},
  )
}

/** The error of whoever names this id with another option than the one that counts. */
export const otherTrust = (id: string, name: string) =>
  new NanopeerError(
    'INVALID_INPUT',
    `${JSON.stringify(id)} has another \`${name}\`, which counts: give the same, or none.`,
  )
