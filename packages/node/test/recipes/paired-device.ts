import { createPeer, fileKnown, loadIdentity, type Peer, type PeerOptions } from '@nanopeer/node'

/** A device that serves whoever has paired with it, under whatever id they come, and nobody else. */
export function createPairedDevice(id: string, folder: string, options: PeerOptions): Peer {
  const known = fileKnown(`${folder}/known.json`)
  return createPeer(id, {
    ...options,
    identity: loadIdentity(`${folder}/identity.json`), // its key, made the first time
    known,
    accept: async ({ key }) => (await known.list()).some((remote) => remote.key === key),
  })
}
