import type { PeerOptions } from '@nanopeer/core'

/** The demo's own PeerServer, on the machine that serves the pages, and the secret that it made for this run. */
export const peerOptions: PeerOptions = {
  server: {
    host: window.location.hostname,
    port: Number(import.meta.env.VITE_PEER_SERVER_PORT),
    secure: false,
  },
  // Everything is on this machine: no STUN server needs to be asked.
  iceServers: [],
  secret: import.meta.env.VITE_DEVICE_SECRET,
}
