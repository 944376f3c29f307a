import { generateSecret, type PeerOptions } from '@nanopeer/core'
import { takeKey } from './key'

/** The demo's own signalling server, on the machine that serves the pages, and the secret that it made for this run. Without its
 * link it is one that nobody knows: the device refuses it, and nobody can pose as the device. */
export const peerOptions: PeerOptions = {
  server: {
    host: window.location.hostname,
    port: Number(import.meta.env.VITE_SIGNALLING_PORT),
    secure: false,
  },
  // Everything is on this machine: no STUN server needs to be asked.
  iceServers: [],
  secret: takeKey() ?? generateSecret(),
}
