import type { Peer } from 'peerjs'

/** PeerJS's module, for tests of other packages, too. */
export const importPeerjs = () => import('peerjs')

/** PeerJS as its users have it. In Node, WebRTC must be in the global scope before. */
export const loadPeerjs = async (): Promise<typeof Peer> => {
  const module = await importPeerjs()
  // Its `main` is CommonJS: plain Node sees only the default export.
  return module.Peer ?? (module as unknown as { default: typeof module }).default.Peer
}
