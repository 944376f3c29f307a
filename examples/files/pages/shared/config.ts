import { loadIdentity, localKnown, type PeerOptions } from '@nanopeer/core'

/** The devices that this browser knows: all three pages are of one origin, and share it. */
export const known = localKnown()

/** The demo's own signalling server, on the machine that serves the pages; and who this browser is. */
export const peerOptions: PeerOptions = {
  server: {
    host: window.location.hostname,
    port: Number(import.meta.env.VITE_SIGNALLING_PORT),
    secure: false,
  },
  // Everything is on this machine: no STUN server needs to be asked.
  iceServers: [],
  identity: loadIdentity(),
  known,
}
