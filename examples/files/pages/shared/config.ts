import type { PeerOptions } from '@nanopeer/core'

/** The device whose folder the pages show; the demo makes its id when it starts. */
export const deviceId: string = import.meta.env.VITE_DEVICE_ID

/** The demo's own PeerServer, on the machine that serves the pages. */
export const peerOptions: PeerOptions = {
  server: {
    host: window.location.hostname,
    port: Number(import.meta.env.VITE_PEER_SERVER_PORT),
    secure: false,
  },
  // Everything is on this machine: no STUN server needs to be asked.
  iceServers: [],
}
