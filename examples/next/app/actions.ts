import { action } from '@nanopeer/core'

export interface FileEntry {
  name: string
  size: number
}

/** What the page may ask and the device answers: both import it. */
export const listFiles = action<{ path: string }, FileEntry[]>('files.list')

/** Enough while both ends are on one network. Without this line a public STUN server helps across routers. */
export const iceServers: RTCIceServer[] = []
