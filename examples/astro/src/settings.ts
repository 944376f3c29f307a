import { store } from '@nanopeer/core'

export interface Settings {
  target: number
  mode: 'eco' | 'comfort'
}

/** What the device shares and each island shows: both import it. */
export const settings = store<Settings>('settings')

/** Enough while both ends are on one network. Without this line a public STUN server helps across routers. */
export const iceServers: RTCIceServer[] = []
